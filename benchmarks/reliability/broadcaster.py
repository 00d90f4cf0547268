"""uvicorn and websockets with nothing around them: what is posted goes to every socket.

python broadcaster.py   # prints its port
"""

from __future__ import annotations

import socket
from typing import Any

import uvicorn

_sends: set[Any] = set()


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Sockets stay until they leave; a POST is sent to all of them."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        _sends.add(send)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        _sends.discard(send)
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    text = body.decode()
    for each in list(_sends):
        await each({"type": "websocket.send", "text": text})
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        print(listener.getsockname()[1], flush=True)
        config = uvicorn.Config(
            app,
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            lifespan="off",
            log_level="error",
        )
        uvicorn.Server(config).run([listener])
