"""A proxy on loopback that stands between us and the server, and loses what it is told to."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

#: Told method and path, it says whether the reply gets lost.
Loses = Callable[[str, str], bool]


@contextlib.contextmanager
def losing(target: str, loses: Loses) -> Iterator[str]:
    """The address of a proxy before `target`. A request whose reply it loses is carried out."""
    client = httpx.Client(base_url=target, trust_env=False, timeout=120)

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            reply = client.request(
                self.command,
                self.path,
                content=self.rfile.read(length),
                headers={k: v for k, v in self.headers.items() if k.lower() != "host"},
            )
            if loses(self.command, self.path):
                self.close_connection = True
                return
            self.send_response(reply.status_code)
            for name in ("Content-Type", "Content-Disposition"):
                if name in reply.headers:
                    self.send_header(name, reply.headers[name])
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content)

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
        client.close()
