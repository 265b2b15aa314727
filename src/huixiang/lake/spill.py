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
        try:
            within.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder = TemporaryDirectory(dir=within, prefix=NAMED, ignore_cleanup_errors=True)
        except OSError:  # a lake that may only be read
            self._folder = TemporaryDirectory(prefix="huixiang-", ignore_cleanup_errors=True)
        self.name = self._folder.name
        self._descriptor = os.open(self.name, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def __del__(self) -> None:
        os.close(self._descriptor)


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
