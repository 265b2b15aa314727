"""By which key are voices and rows known? Only with it can their ids be tried out one by one."""

from __future__ import annotations

from collections.abc import Mapping

from huixiang.apps.access.sealing import key_for
from huixiang.domain.feedback import digest


def voice_key() -> bytes:
    """The key of the hashes by which voices are known."""
    return key_for("voice hashes v1")


def row_id(cells: Mapping[str, str]) -> str:
    """By what is a row that could not be read known when it comes again? By a keyed hash of all its cells."""
    return digest(*(part for cell in sorted(cells.items()) for part in cell), key=key_for("erased rows v1"))
