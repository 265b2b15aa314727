"""A small real server that speaks OpenAI's protocol, in a thread: what is asked of it is kept, and it can misbehave."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Say = Callable[[dict[str, Any]], str]  # what a chat model says of the data of a question
LABELS = {"sentiment": "negative", "kind": "pain_point", "topics": [], "risks": []}


def labels(data: dict[str, Any]) -> str:
    return json.dumps(LABELS)


class Server:
    """What it does next stands in `moods`: a status, "slow", "drip", "html", or where to redirect to."""

    def __init__(self, address: str) -> None:
        self.url = f"{address}/v1"
        self.say: Say = labels
        self.moods: list[Any] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.usage: Any = {"total_tokens": 100}
        self.vector: Callable[[str], list[float]] = lambda text: [float(text.count("卡")), 1.0]

    @property
    def sent(self) -> str:
        """All that ever came in, as one text."""
        return json.dumps(self.requests, ensure_ascii=False)


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[Server]:
    """`certificate`: a file with a key and a certificate of localhost, for TLS."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.daemon_threads = True
    address = f"http://127.0.0.1:{httpd.server_port}"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
        address = f"https://localhost:{httpd.server_port}"
    httpd.handle_error = lambda *args: None  # type: ignore[method-assign]  # who hangs up is no news
    httpd.server = Server(address)  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield httpd.server  # type: ignore[attr-defined]
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Not between the lines of the tests."""

    def do_GET(self) -> None:
        self._answer(200, {"data": [{"id": "bank-llm"}, {"id": "bank-vectors"}]})

    def do_POST(self) -> None:
        server: Server = self.server.server  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.requests.append(body)
        server.headers.append(dict(self.headers))
        mood = server.moods.pop(0) if server.moods else 200
        if mood == "drip":
            return self._drip()
        if mood == "slow":
            time.sleep(0.15)
            mood = 200
        if isinstance(mood, str) and mood.startswith("http"):
            self._answer(307, {}, {"Location": mood})
        elif mood == "html":
            self._send(200, b"<html>please log in</html>", {})
        elif mood == 200:
            self._answer(200, _said(server, self.path, body))
        else:
            self._answer(mood, {"error": {"message": "no"}}, {"Retry-After": "0"})

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _byte in range(1000):
                self.wfile.write(b" ")
                time.sleep(0.01)
        except OSError:
            self.close_connection = True

    def _answer(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(value).encode(), headers or {})

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.close_connection = True  # the other side has had enough of waiting


def _said(server: Server, path: str, body: dict[str, Any]) -> Any:
    if path.endswith("/embeddings"):
        rows = [{"index": n, "embedding": server.vector(text)} for n, text in enumerate(body["input"])]
        return {"data": rows[::-1], "usage": server.usage}
    content = server.say(json.loads(body["messages"][1]["content"]))
    return {"choices": [{"message": {"role": "assistant", "content": content}}], "usage": server.usage}
