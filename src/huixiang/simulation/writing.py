"""How is a half-written folder never taken for whole? As DIR.part, until all of it is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderError(ValueError):
    """Why nothing can be written there, and what to do about it; in Chinese and English."""


def part_of(folder: Path) -> Path:
    """Where the files lie until all of them are written."""
    whole = folder.resolve()
    return whole.with_name(f"{whole.name}.part")


def check(folder: Path) -> None:
    """Can this folder be written? Raises FolderError, before anything is."""
    whole, part = folder.resolve(), part_of(folder)
    if whole.exists() and not whole.is_dir():
        raise FolderError(f"{folder}：是文件，不是目录，请换一个 / is a file, not a folder: choose another")
    if whole.is_dir() and any(whole.iterdir()):
        raise FolderError(f"{folder}：目录不为空，请换一个 / is not empty, choose another")
    if os.path.ismount(whole):
        raise FolderError(f"{folder}：是挂载点，请用其下的目录 / is a mount point: choose a folder below it")
    if part.exists():
        raise FolderError(
            f"{part}：是上次中断留下的，不完整；请删除或移走后再运行 / is left over from a run that was broken off, "
            "and not whole: delete it or move it away, then run again"
        )
    parent = whole.parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir():
        raise FolderError(f"{folder}：{parent} 是文件，不是目录 / {parent} is a file, not a folder")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise FolderError(f"{folder}：没有权限写入 {parent} / no right to write into {parent}")


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """The folder to write into; when all is well at the end it becomes `folder`. Raises FolderError."""
    check(folder)
    part = part_of(folder)
    part.mkdir(parents=True)
    yield part
    if folder.exists():
        folder.rmdir()  # empty, as it was in the beginning: some systems rename onto nothing that is there
    part.rename(folder.resolve())
