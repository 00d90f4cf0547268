"""Following a campaign, without a connection."""

from __future__ import annotations

import pytest

from studio.client.campaigns import Follow
from studio.errors import StudioError

STARTED = '{"type":"iteration_started","iteration":1,"seq":3}'


def test_it_goes_on_after_what_was_seen_and_tells_nothing_twice() -> None:
    following = Follow("c_1")
    event = following.receive(STARTED)
    assert event is not None
    assert event.type == "iteration_started"
    following.lost(now=0.0)
    assert following.address.endswith("after=3")
    assert following.receive(STARTED) is None


def dropped(following: Follow, at: float, after: float) -> float:
    """A connection that opens at a time and is lost so many seconds later."""
    following.opened(now=at)
    return following.lost(now=at + after)


def test_attempts_end_where_no_connection_lasts() -> None:
    following = Follow("c_1")
    with pytest.raises(StudioError, match="c_1"):
        sum(dropped(following, second, after=0.5) for second in range(100))


def test_a_campaign_that_waits_for_weeks_is_followed_over_any_number_of_servers() -> None:
    following = Follow("c_1")
    waits = {dropped(following, 86400.0 * day, after=86400.0) for day in range(100)}
    assert len(waits) == 1
