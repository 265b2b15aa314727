"""How is content kept that must be kept but may hold personal data? Encrypted under a key made from the masking key."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext as _


class Unsealable(Exception):
    """The content was sealed under another masking key, or was changed since."""


def key_for(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose; who has the database but not the masking key cannot make it."""
    return hmac.digest(settings.MASKING_KEY.encode(), f"huixiang {purpose}".encode(), "sha256")


def seal(fields: dict[str, Any]) -> bytes:
    return _fernet().encrypt(_written(fields))


def sealer() -> Callable[[dict[str, Any]], bytes]:
    """Seals many as `seal` does, with the key made once."""
    fernet = _fernet()
    return lambda fields: fernet.encrypt(_written(fields))


def seal_without_time(fields: dict[str, Any]) -> bytes:
    """For what nobody may know the moment of: a Fernet token carries its second, readable without the key."""
    return _fernet().encrypt_at_time(_written(fields), 0)


def unseal(sealed: bytes | memoryview) -> dict[str, Any]:
    """What was sealed? Raises Unsealable where it cannot be told."""
    try:
        opened = _fernet().decrypt(bytes(sealed))
    except InvalidToken as error:
        raise Unsealable(
            _("封存内容无法打开：HUIXIANG_MASKING_KEY 与封存时不同，或内容被改动。请换回原密钥。")
        ) from error
    content: dict[str, Any] = json.loads(opened.decode("utf-8", "surrogatepass"))
    return content


def _written(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key_for("sealing v1")))
