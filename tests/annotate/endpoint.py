"""A double of a language model behind an OpenAI-compatible address: an HTTP server on this machine
that answers as it is told to. What is real is all on our side of the wire."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

#: The request's body → the status, and the answer's text or the whole body.
Answer = Callable[[dict[str, Any]], tuple[int, str]]


class Endpoint:
    """Its address, and the requests it was sent."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.url = ""


def completion(text: str, finish: str = "stop") -> str:
    return json.dumps({"choices": [{"message": {"content": text}, "finish_reason": finish}]})


def entities(*found: dict[str, str]) -> str:
    return completion(json.dumps({"entities": list(found)}, ensure_ascii=False))


@contextmanager
def serving(answer: Answer) -> Iterator[Endpoint]:
    """A server on a free loopback port."""
    endpoint = Endpoint(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            endpoint.requests.append(body)
            endpoint.keys.append(self.headers.get("authorization"))
            status, content = endpoint.answer(body)
            self.send_response(status)
            self.send_header("retry-after", "0")
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
