"""How do standards leave and come in as a folder? A zip of one TOML file each, and the same read back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path, PurePosixPath

from huixiang.channels.contract import Fault
from huixiang.domain.standards.reading import LONGEST

MOST_FILES, LARGEST = 500, 20_000_000  # bytes of all
STARTS = b"PK\x03\x04"
ENDING = ".toml"


def zipped(files: dict[str, str]) -> bytes:
    """The same files give the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bag:
        for name, text in sorted(files.items()):
            bag.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def unzipped(data: bytes, name: str) -> dict[str, str]:
    """The TOML files of a zip, or the one file there is. Raises Fault."""
    if not data.startswith(STARTS):
        return {name: _text(data, name)}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bag:
            found = [each for each in bag.infolist() if _is_ours(each.filename)]
            if len(found) > MOST_FILES or sum(each.file_size for each in found) > LARGEST:
                raise Fault("“%(file)s”里的文件太多或太大：最多 %(most)s 份标准", file=name, most=MOST_FILES)
            texts = {each.filename: _text(bag.read(each), each.filename) for each in found}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise Fault("“%(file)s”不是完好的 zip 文件，或加了密：请重新打包", file=name) from None
    return _some(texts, name)


def folder(place: Path) -> dict[str, str]:
    """The TOML files of a folder, a zip or one file. Raises Fault."""
    try:
        if place.is_dir():
            found = sorted(each for each in place.iterdir() if _is_ours(each.name))
            return _some({each.name: _text(each.read_bytes(), each.name) for each in found}, place.name)
        return unzipped(place.read_bytes(), place.name)
    except OSError as error:
        raise Fault("无法读取“%(file)s”：%(why)s。", file=place.name, why=error.strerror) from None


def _is_ours(name: str) -> bool:
    return name.endswith(ENDING) and not PurePosixPath(name).name.startswith((".", "__"))


def _some(texts: dict[str, str], name: str) -> dict[str, str]:
    if not texts:
        raise Fault("“%(file)s”里没有 .toml 文件：一份标准一个文件", file=name)
    return texts


def _text(data: bytes, name: str) -> str:
    if len(data) > LONGEST * 4:
        raise Fault("文件“%(file)s”太大：一份标准不超过 %(most)s 个字符", file=name, most=LONGEST)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault("文件“%(file)s”不是 UTF-8 编码；请另存为 UTF-8。", file=name) from None
