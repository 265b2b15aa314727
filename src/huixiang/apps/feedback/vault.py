"""Where does content lie that only this service may open? Encrypted, each in a file of its own, outside the web."""

from __future__ import annotations

import os
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from huixiang.apps.access.sealing import Unsealable, key_for
from huixiang.lake import disk

UNCLAIMED = timedelta(days=1)  # so long may a file wait for the commit of its row
_NONCE = 12
_CLOSED = gettext_noop(
    "附件无法打开：文件不在、被改动，或 HUIXIANG_MASKING_KEY 与封存时不同。请从备份恢复文件或换回原密钥。"
)


@dataclass(frozen=True, slots=True)
class Vault:
    """One folder of the data folder; `purpose` names the key that its files are sealed under."""

    folder: str
    purpose: str

    def put(self, key: uuid.UUID, content: bytes) -> None:
        """Write it, readable for the service's own user alone, and to the disk before we go on."""
        place = self.place(key)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        nonce = os.urandom(_NONCE)
        sealed = nonce + AESGCM(key_for(self.purpose)).encrypt(nonce, content, key.bytes)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
        disk.keep([place, place.parent, place.parent.parent])

    def content(self, key: uuid.UUID) -> bytes:
        """What stands in it. Raises Unsealable where the file is gone, was changed or sealed under another key."""
        try:
            sealed = self.place(key).read_bytes()
            return AESGCM(key_for(self.purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], key.bytes)
        except (OSError, InvalidTag, ValueError) as error:
            raise Unsealable(_(_CLOSED)) from error

    def drop(self, key: uuid.UUID) -> None:
        self.place(key).unlink(missing_ok=True)

    def place(self, key: uuid.UUID) -> Path:
        return Path(settings.DATA_DIR) / self.folder / str(key)[:2] / str(key)

    def unclaimed(self, now: datetime) -> list[dict[str, Path]]:
        """Folder by folder the files, by name, that are old enough to have had their row long since."""
        root, oldest = Path(settings.DATA_DIR) / self.folder, now.timestamp() - UNCLAIMED.total_seconds()
        folders = [folder for folder in root.iterdir() if folder.is_dir()] if root.is_dir() else []
        return [
            {place.name: place for place in folder.iterdir() if place.stat().st_mtime < oldest} for folder in folders
        ]


def swept(files: dict[str, Path], known: Collection[uuid.UUID]) -> int:
    """Those that no row knows go; how many?"""
    orphans = files.keys() - {str(key) for key in known}
    for name in orphans:
        files[name].unlink(missing_ok=True)
    return len(orphans)


def keys_of(files: dict[str, Path]) -> list[uuid.UUID]:
    return [key for key in map(_key, files) if key]


def _key(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name)
    except ValueError:
        return None
