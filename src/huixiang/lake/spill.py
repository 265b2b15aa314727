"""Where does that go for a while which does not fit into memory? To folders that end with their process.

A killed process cannot remove its folder, and in it lie customers' texts: whoever purges the lake removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

NAMED = "of-"  # folders of living or dead processes begin with it


class Spill:
    """A folder that only this process reads and nobody can guess. It is locked as long as the process lives."""

    def __init__(self, within: Path) -> None:
        self._descriptor = -1
        while self._descriptor < 0:
            self._folder = _made(within)
            self._descriptor = _locked(self._folder.name)
        self.name = self._folder.name

    def __del__(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)


def _made(within: Path) -> TemporaryDirectory[str]:
    try:
        within.mkdir(parents=True, exist_ok=True, mode=0o700)
        return TemporaryDirectory(dir=within, prefix=NAMED, ignore_cleanup_errors=True)
    except OSError:  # a lake that may only be read
        return TemporaryDirectory(prefix="huixiang-", ignore_cleanup_errors=True)


def _locked(folder: str) -> int:
    """The descriptor that holds the lock; -1 where somebody who purges took the new folder for a dead process's."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return -1
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if os.stat(folder).st_ino == os.fstat(descriptor).st_ino:
            return descriptor
    except OSError:  # he holds it, or it is gone
        pass
    os.close(descriptor)
    return -1


def remove_orphans(within: Path) -> None:
    """Remove the folders whose processes are dead."""
    for folder in within.glob(f"{NAMED}*"):
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            continue  # it went by itself
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # its process lives
        finally:
            os.close(descriptor)
