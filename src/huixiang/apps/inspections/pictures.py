"""Where do photos and evidence lie? Looked at before they are kept, sealed outside the web, and found by their rows."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from huixiang.apps.feedback import vault
from huixiang.channels import evidence, pictures
from huixiang.channels.contract import Fault

VAULT = vault.Vault("inspection_files", "inspection files v1")
MOST_PHOTOS, MOST_EVIDENCE = 3, 5  # of a line; of a dispute
MOST_EVIDENCE_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies sealed already, before the transaction in which its row is written."""

    key: uuid.UUID
    kind: str
    bytes: int
    sha256: str


def keep_photo(content: bytes, name: str) -> Kept:
    """Drawn anew: upright, no larger than is read well, without a camera's place and time. Raises Fault."""
    return _kept(pictures.cleaned(content, name[:80]).jpeg, "jpeg")


def keep_evidence(content: bytes, name: str) -> Kept:
    """As it came: what proves something stays as it is. Raises Fault for what may not be kept."""
    if len(content) > MOST_EVIDENCE_BYTES:
        raise Fault("文件“%(name)s”超过 %(most)s MB，请压缩或分段后再传", name=name[:80],
                    most=MOST_EVIDENCE_BYTES // 1_000_000)  # fmt: skip
    return _kept(content, evidence.kind_of(content, name[:80]))


def drop(kept: Collection[Kept]) -> None:
    """What was not needed after all."""
    for each in kept:
        VAULT.drop(each.key)


def _kept(content: bytes, kind: str) -> Kept:
    key = uuid.uuid4()
    VAULT.put(key, content)
    return Kept(key, kind, len(content), hashlib.sha256(content).hexdigest())
