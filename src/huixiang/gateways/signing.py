"""How does a receiver know that a message is ours, and of now? By the headers of Standard Webhooks 1.0.

    webhook-id: 5f2c…            the same each time it is tried, so that a repetition is known
    webhook-timestamp: 1764288000  seconds, of this try: older than five minutes is refused
    webhook-signature: v1,<base64> v1,<base64>   one for each secret that holds

Signed is "id.timestamp.body" (https://github.com/standard-webhooks/standard-webhooks), so that its libraries verify it.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable

from huixiang.gateways.webhook import mac

PREFIX, SECRET_BYTES = "whsec_", 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(id_: str, at: int, body: bytes, keys: Iterable[str]) -> dict[str, str]:
    """What is sent beside the body; `keys` are whole secrets, as they were shown."""
    signed = " ".join(f"v1,{signature(key, id_, at, body)}" for key in keys)
    return {"webhook-id": id_, "webhook-timestamp": str(at), "webhook-signature": signed}


def signature(key: str, id_: str, at: int, body: bytes) -> str:
    return base64.b64encode(mac(base64.b64decode(key.removeprefix(PREFIX)), f"{id_}.{at}", body)).decode()
