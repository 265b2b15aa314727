"""Which files does this import hold? One file, a folder, or a ZIP of many; nothing is unpacked to the disk."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from huixiang.channels.contract import Fault, Meter

MOST_FILES = 200_000
MOST_BYTES = 4 << 30  # unpacked, of a whole package
MOST_RATIO = 200  # unpacked to packed, of a member that is not small: text shrinks to a twentieth at the best
SMALL = 1 << 20
AT_ONCE = 1 << 16
_PACKED = b"\x1f\x8b"
_PASSED_OVER = ("__MACOSX/", ".DS_Store", "Thumbs.db")
Raw = io.BufferedReader | gzip.GzipFile | zipfile.ZipExtFile
_GIVEN_UP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a package. `open`, and reading what it opens, raise Fault where it is damaged."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]

    @property
    def stem(self) -> str:
        """The name without folders and without its kind: what names the call where the file itself does not."""
        return PurePosixPath(self.name).stem


def members(path: Path, stack: ExitStack, meter: Meter | None = None) -> Iterator[Member]:
    """All files in the order of their names. Raises Fault where the package as a whole cannot be trusted."""
    if path.is_dir():
        found = list(_of_folder(path))
    elif zipfile.is_zipfile(path):
        found = list(_of_archive(path, stack))
    else:
        found = [Member(path.name, path.stat().st_size, lambda: _file(path))]
    if not found:
        raise Fault("“%(name)s”里没有文件；请检查导出是否成功", name=path.name)
    total, done = sum(member.size for member in found) or 1, 0
    if meter:
        meter.by(lambda: done / total)
    for member in found:
        yield member
        done += member.size


def _of_folder(path: Path) -> Iterator[Member]:
    """Links are not followed: they may lead anywhere."""
    for place in sorted(path.rglob("*")):
        name = place.relative_to(path).as_posix()
        if place.is_file() and not place.is_symlink() and not _is_aside(name):
            yield Member(name, place.stat().st_size, lambda place=place: _file(place))  # type: ignore[misc]


def _file(place: Path) -> IO[bytes]:
    return _unpacked(place.open("rb"), place.stat().st_size, place.name)


def _unpacked(raw: Raw, size: int, name: str) -> IO[bytes]:
    """What is in it; also of a log that was rotated and packed, by itself or within a ZIP."""
    file = io.BufferedReader(_Guarded(raw, name, MOST_BYTES), AT_ONCE)
    if file.peek(2)[:2] != _PACKED:
        return file
    most = min(MOST_BYTES, max(SMALL, MOST_RATIO * size))
    return io.BufferedReader(_Guarded(gzip.GzipFile(fileobj=file), name, most), AT_ONCE)


class _Guarded(io.RawIOBase):
    """A stream that raises Fault where it is damaged, or gives more than it may."""

    def __init__(self, raw: Raw, name: str, most: int) -> None:
        self._raw, self._name, self._left = raw, name, most

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        try:
            found = self._raw.read1(len(room))  # what came before the damage is given
        except _GIVEN_UP:
            raise Fault("%(place)s：内容损坏，读不出；请重新导出", place=self._name) from None
        self._left -= len(found)
        if self._left < 0:
            raise Fault("%(place)s：解开后大得可疑（压缩炸弹），或超过 4 GiB；请分成几份导入", place=self._name)
        room[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _of_archive(path: Path, stack: ExitStack) -> Iterator[Member]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
    except _GIVEN_UP:
        raise Fault("“%(name)s”不是完整的 ZIP 文件；请重新打包", name=path.name) from None
    infos = [info for info in archive.infolist() if not info.is_dir() and not _is_aside(info.filename)]
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
        raise Fault(
            "“%(name)s”解开后超过 %(files)s 个文件或 %(gib)s GiB；请分成几包导入",
            name=path.name,
            files=MOST_FILES,
            gib=MOST_BYTES >> 30,
        )
    for info in sorted(infos, key=_named):
        _trusted(info, path.name)
        yield Member(_named(info), info.file_size, lambda info=info: _opened(archive, info))  # type: ignore[misc]


def _trusted(info: zipfile.ZipInfo, package: str) -> None:
    """Raises Fault: a package with one bad member was made to do harm, or is broken."""
    name = _named(info)
    if info.flag_bits & 1:
        raise Fault("“%(name)s”有密码；请解密后重新打包", name=package)
    if info.file_size > SMALL and info.file_size > MOST_RATIO * max(1, info.compress_size):
        raise Fault("“%(name)s”里的“%(member)s”解开后大得可疑（压缩炸弹）；未导入", name=package, member=name)
    if name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts or ":" in name.partition("/")[0]:
        raise Fault("“%(name)s”里的文件名“%(member)s”指向包外；未导入，请重新打包", name=package, member=name)


def _named(info: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names in GBK without saying so; ZIP then takes them for code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return _unpacked(cast(zipfile.ZipExtFile, archive.open(info)), info.file_size, _named(info))
    except _GIVEN_UP:
        raise Fault("%(place)s：打不开；请重新打包", place=_named(info)) from None


def _is_aside(name: str) -> bool:
    return (
        name.startswith(_PASSED_OVER[0]) or PurePosixPath(name).name.startswith("._") or name.endswith(_PASSED_OVER[1:])
    )
