"""A mail server and an SMS platform that really listen, and do as a test wishes."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from huixiang.gateways.webhook import signature

USER, PASSWORD = b"survey", b"a password of a test"
SECRET = "a secret of sixteen characters"


class Postman:
    """Takes mails, but refuses some recipients as real servers do."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("nobody"):
            return "550 5.1.1 no such user nobody"
        if address.startswith("busy"):
            return "451 4.7.1 greylisted, try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[tuple[Postman, str]]:
    """The server, and its address for HUIXIANG_MAIL_URL."""
    postman = Postman()
    controller = Controller(
        postman,
        hostname="127.0.0.1",
        port=_free_port(),
        authenticator=lambda server, session, envelope, mechanism, data: AuthResult(
            success=(data.login, data.password) == (USER, PASSWORD), handled=False
        ),
        auth_require_tls=False,
    )
    controller.start()
    try:
        port = controller.port
        yield postman, f"smtp://survey:a%20password%20of%20a%20test@127.0.0.1:{port}"
    finally:
        controller.stop()


class Platform:
    """Takes short messages once each, after checking their signature; `answers` are given instead, one by one."""

    def __init__(self) -> None:
        self.taken: dict[str, tuple[str, str]] = {}
        self.answers: list[int] = []
        self.asked = 0

    def answer(self, headers: Any, body: bytes) -> int:
        self.asked += 1
        expected = signature(SECRET.encode(), headers["X-Huixiang-Time"], body)
        if headers["X-Huixiang-Signature"] != f"v1={expected}":
            return 401
        if self.answers and (status := self.answers.pop(0)) != 200:
            return status
        told = json.loads(body)
        self.taken.setdefault(told["id"], (told["to"], told["text"]))
        return 200


@contextmanager
def sms_platform() -> Iterator[tuple[Platform, str]]:
    """The platform, and its address for HUIXIANG_SMS_URL."""
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = platform.answer(self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            if status in range(300, 400):
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield platform, f"http://127.0.0.1:{server.server_port}/send"
    finally:
        server.shutdown()
        server.server_close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
