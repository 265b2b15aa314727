"""How is an endpoint spoken to? One host, no redirects, no proxies, certificates verified, time and size bounded."""

from __future__ import annotations

import json
import time
from typing import Any

import urllib3

from huixiang.plugins.service import Service

CONNECT_SECONDS = 5.0
LONGEST = 32_000_000  # bytes of an answer: a batch of long vectors; a label has some hundred
CHUNK = 65_536
BUSY = {408, 425, 429, 500, 502, 503, 504}
LONGEST_WAIT = 20.0  # seconds, whatever Retry-After says
GIVE_UP = frozenset({401, 403, 404, 405})  # the next request would get the same


class Refused(Exception):
    """The endpoint will not answer this request; `for_good`: nor any other. The message holds no text and no key."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        self.for_good = for_good
        super().__init__(reason)


class Unreachable(Exception):
    """No answer now; later perhaps. `wait_seconds` is what the server asked for, if it did."""

    def __init__(self, reason: str, wait_seconds: float | None = None) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(reason)


class Endpoint:
    """The connections to one service. Threads may share it; `close` it at the end."""

    def __init__(self, service: Service) -> None:
        self._service = service
        # PoolManager knows nothing of HTTP_PROXY: no environment sends text elsewhere than the administrator says.
        self._pool = urllib3.PoolManager(
            num_pools=1,
            maxsize=service.concurrency,
            block=True,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=service.timeout_seconds),
            ssl_context=service.trust(),
        )

    def close(self) -> None:
        self._pool.clear()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON answer to a POST. Raises Refused and Unreachable."""
        return self._asked("POST", path, json.dumps(body).encode())

    def get(self, path: str) -> Any:
        """The JSON answer to a GET; as `post`."""
        return self._asked("GET", path, None)

    def _asked(self, method: str, path: str, body: bytes | None) -> Any:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
        if self._service.key:
            headers["Authorization"] = f"Bearer {self._service.key}"
        until = time.monotonic() + self._service.timeout_seconds
        try:
            response = self._pool.request(
                method, self._service.url + path, body=body, headers=headers, redirect=False, preload_content=False
            )
            try:
                _accept(response)
                return _json(_read(response, until))
            finally:
                response.close()  # of one read to its end only the response: its connection is back in the pool
                response.release_conn()
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(type(error).__name__) from None


def _accept(response: urllib3.BaseHTTPResponse) -> None:
    status = response.status
    if 300 <= status < 400:
        # Text may go to the named host only; where the server would like it to go is not even looked at.
        raise Refused(f"HTTP {status} (redirect)", for_good=True)
    if status in BUSY:
        raise Unreachable(f"HTTP {status}", _wait(response.headers.get("Retry-After", "")))
    if status != 200:
        raise Refused(f"HTTP {status}", for_good=status in GIVE_UP)


def _wait(said: str) -> float | None:
    """Seconds only; a date would need the other clock."""
    return min(float(said), LONGEST_WAIT) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _read(response: urllib3.BaseHTTPResponse, until: float) -> bytes:
    """All of it, unless it is too long, or drips for longer than one request may take."""
    found = bytearray()
    while chunk := response.read1(CHUNK, decode_content=False):
        found += chunk
        if len(found) > LONGEST:
            raise Refused("too_long")
        if time.monotonic() > until:
            raise Unreachable("slow")
    return bytes(found)


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise Unreachable("no_json") from None
