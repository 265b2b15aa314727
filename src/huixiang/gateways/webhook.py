"""How does a short message leave? By a signed request to the bank's own SMS platform, or an adapter before it.

    POST <url>
    Content-Type: application/json
    X-Huixiang-Time: 1764288000
    X-Huixiang-Signature: v1=<hex HMAC-SHA256 of "time.body" under the shared secret>

    {"id": "…", "to": "13800000000", "text": "…"}

2xx: taken. 400, 404, 410 and 422: will never go. All else, and no answer: later. The platform keeps the ids it took
for a day, and answers 2xx to a repetition without sending again; it refuses signatures older than five minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import urllib3

from huixiang.gateways.contract import Fate, Leaving, Message, Outcome, may_leave

TIMEOUT = urllib3.Timeout(connect=5.0, read=15.0)
FINAL = frozenset({400, 404, 410, 422})
FAILURES_IN_A_ROW = 3  # then the platform is away, and the rest need not wait for it one by one
_OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One address, one secret; never redirected."""

    url: str
    secret: bytes = field(repr=False)
    authorities: str = ""
    clock: Callable[[], float] = time.time

    @property
    def place(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"

    def send(self, messages: Sequence[Message], leaving: Leaving = may_leave) -> Iterator[Outcome]:
        """One request each; after some failures in a row the rest are left for later unasked."""
        failed = 0
        with self._pool() as pool:
            for message in messages:
                if failed >= FAILURES_IN_A_ROW:
                    yield Outcome(message.id, Fate.LATER, "away")
                    continue
                if not leaving(message):
                    return
                outcome = self._sent(pool, message)
                failed = failed + 1 if outcome.fate is Fate.LATER else 0
                yield outcome

    def _pool(self) -> urllib3.PoolManager:
        if not self.url.startswith("https:"):
            return urllib3.PoolManager(maxsize=1, timeout=TIMEOUT, retries=False)
        trust = ssl.create_default_context(cafile=self.authorities or None)
        return urllib3.PoolManager(maxsize=1, timeout=TIMEOUT, retries=False, ssl_context=trust)

    def _sent(self, pool: urllib3.PoolManager, message: Message) -> Outcome:
        body = json.dumps({"id": message.id, "to": message.to, "text": message.text}, ensure_ascii=False).encode()
        try:
            answer = pool.request("POST", self.url, body=body, headers=self._headers(body), redirect=False)
        except urllib3.exceptions.HTTPError as error:
            return Outcome(message.id, Fate.LATER, type(error).__name__)
        if answer.status in _OK:
            return Outcome(message.id, Fate.SENT)
        return Outcome(message.id, Fate.REFUSED if answer.status in FINAL else Fate.LATER, f"HTTP {answer.status}")

    def _headers(self, body: bytes) -> dict[str, str]:
        now = str(int(self.clock()))
        return {
            "Content-Type": "application/json",
            "X-Huixiang-Time": now,
            "X-Huixiang-Signature": f"v1={signature(self.secret, now, body)}",
        }


def signature(secret: bytes, at: str, body: bytes) -> str:
    """What a platform compares with, in hex."""
    return mac(secret, at, body).hex()


def mac(secret: bytes, before: str, body: bytes) -> bytes:
    """HMAC-SHA256 over what stands before, a dot, and the body as it is sent."""
    return hmac.digest(secret, before.encode() + b"." + body, hashlib.sha256)
