"""Would it be seen if the end of the audit chain were cut off? Yes: each day's head is kept outside the database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings

from huixiang.apps.access import audit
from huixiang.apps.access.audit import Head


def folder() -> Path:
    return Path(settings.DATA_DIR) / "audit-heads"


def keep(on: date) -> Head:
    """Write today's head to DATA_DIR/audit-heads/DAY; copy that folder to where the database's masters cannot write."""
    current = audit.head()
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / f"{on:%Y-%m-%d}"
    beside = path.with_suffix(".new")
    beside.write_text(f"{current}\n", "ascii")
    beside.replace(path)
    return current


def known(given: str = "") -> dict[int, str]:
    """All heads kept so far, and those given as SEQ:HASH, or as a file or folder of such. Raises ValueError."""
    heads = _of_files(folder())
    if given:
        heads += _of_files(Path(given)) if Path(given).exists() else [Head.parse(given)]
    found: dict[int, str] = {}
    for head in heads:
        if head.seq and found.setdefault(head.seq, head.hash) != head.hash:
            raise ValueError(f"{head.seq}: 保存的链头互相矛盾 / the heads that were kept contradict each other")
    return found


def _names_a_day(path: Path) -> bool:
    """What else lies in the folder, a half-written head or a file system's own, is none."""
    try:
        return path.is_file() and bool(date.fromisoformat(path.name))
    except ValueError:
        return False


def _of_files(place: Path) -> list[Head]:
    paths = [place] if place.is_file() else sorted(filter(_names_a_day, place.iterdir())) if place.is_dir() else []
    return [Head.parse(line) for path in paths for line in path.read_text("ascii").splitlines() if line.strip()]
