"""By which key are voices known? Only with it can their ids be tried out one by one."""

from __future__ import annotations

from huixiang.apps.access.sealing import key_for


def voice_key() -> bytes:
    """The key of the hashes by which voices are known."""
    return key_for("voice hashes v1")
