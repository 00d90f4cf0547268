#!/bin/sh
# The programs that the tests drive for real. As root on Debian they are installed; elsewhere the
# missing ones are named.
set -eu

missing=""
command -v chromium >/dev/null || missing="$missing chromium"
command -v redis-server >/dev/null || missing="$missing redis-server"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing$missing"
    apt-get update -qq
    # shellcheck disable=SC2086  # one word per package
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
else
    echo "The tests need$missing: install them first (on Debian: apt install$missing)" >&2
    exit 1
fi
