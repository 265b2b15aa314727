"""Who may write now? A lock on a file, which the system frees when its holder dies."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK_AGAIN_SECONDS = 0.05


def patient() -> None:
    """Nothing to tell anybody while one waits."""


@contextmanager
def held(place: Path, waiting: Callable[[], None] = patient) -> Iterator[None]:
    """Hold the lock. While another holds it `waiting` is called again and again, and may raise to wait no longer.

    The file stays: were it removed, a process that had opened it before would hold a lock nobody else sees.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("w") as file:
        while not _taken(file.fileno()):
            waiting()
            time.sleep(LOOK_AGAIN_SECONDS)
        yield


def is_held(place: Path) -> bool:
    """Does anybody hold it just now?"""
    if not place.exists():
        return False
    with place.open("r") as file:
        return not _taken(file.fileno())  # free, it is so again at the end


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
