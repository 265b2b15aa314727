"""May this file be kept as evidence of a case? Looked at by its content, never by its name; kept as it came.

What proves something must stay as it is: nothing is drawn anew. So it is never opened or shown here, and what could
harm whoever opens it is refused: programs, macros, archives, and what opens to a mountain.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from pathlib import PurePosixPath

from PIL import Image

from huixiang.channels.contract import Fault

MOST_PIXELS = 100_000_000
MOST_OPENED, MOST_RATIO, MOST_PARTS = 300 << 20, 200, 5_000  # of an office file
# Kind → the endings of names that may stay; of any other name the first is put behind.
KINDS: dict[str, tuple[str, ...]] = {
    "jpeg": (".jpg", ".jpeg"),
    "png": (".png",),
    "webp": (".webp",),
    "gif": (".gif",),
    "heic": (".heic", ".heif"),
    "pdf": (".pdf",),
    "word": (".docx",),
    "excel": (".xlsx",),
    "slides": (".pptx",),
    "odf": (".odt", ".ods", ".odp"),
    "old_office": (".doc", ".xls", ".ppt", ".msg", ".et", ".wps"),
    "mp3": (".mp3",),
    "wav": (".wav",),
    "amr": (".amr",),
    "ogg": (".ogg", ".opus", ".oga"),
    "flac": (".flac",),
    "aac": (".aac",),
    "mp4": (".mp4", ".m4a", ".mov", ".3gp", ".m4v"),
    "webm": (".webm", ".mkv"),
    "text": (".txt", ".csv", ".eml", ".log", ".vtt", ".srt"),
}
_STARTS = (
    (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF8", "gif"), (b"%PDF-", "pdf"), (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"), (b"\xff\xf3", "mp3"), (b"\xff\xf2", "mp3"), (b"#!AMR", "amr"), (b"OggS", "ogg"),
    (b"fLaC", "flac"), (b"\xff\xf1", "aac"), (b"\xff\xf9", "aac"), (b"\x1aE\xdf\xa3", "webm"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
)  # fmt: skip
_HEIC = {b"heic", b"heix", b"hevc", b"mif1", b"msf1"}
_OFFICE = {"word/document.xml": "word", "xl/workbook.xml": "excel", "ppt/presentation.xml": "slides"}
_PICTURES = ("JPEG", "PNG", "WEBP", "GIF")
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_GIVEN_UP = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError)


def kind_of(content: bytes, name: str) -> str:
    """Of KINDS. Raises Fault for what is empty, unknown, dangerous or opens to a mountain."""
    if not content:
        raise Fault("文件“%(name)s”是空的；请检查后再传", name=name)
    kind = _kind(content, name)
    if kind is None:
        raise Fault("看不出“%(name)s”是什么文件；可传照片、PDF、Word、Excel、录音、录像与文本", name=name)
    if kind in {"jpeg", "png", "webp", "gif"}:
        _refuse_large_picture(content, name)
    if kind == "old_office" and _OLD_MACROS in content:
        raise _macros(name)
    return kind


def named(name: str, kind: str) -> str:
    """The last part of the path that somebody may have written, ending as its content does: no text is called .exe."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(character for character in last if character.isprintable()).strip() or "file"
    fits = PurePosixPath(plain).suffix.lower() in KINDS[kind]
    return plain[-120:] if fits else plain[-110:] + KINDS[kind][0]


def _kind(content: bytes, name: str) -> str | None:
    start = content[:16]
    found = next((kind for begins, kind in _STARTS if start.startswith(begins)), None)
    if found:
        return found
    if start[:4] == b"RIFF":
        return {b"WAVE": "wav", b"WEBP": "webp"}.get(start[8:12])
    if start[4:8] == b"ftyp":
        return "heic" if start[8:12] in _HEIC else "mp4"
    if start[:2] == b"PK":
        return _office(content, name)
    return "text" if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    if content.startswith((b"MZ", b"\x7fELF", b"#!")) or _NO_TEXT.search(content):
        return False
    for charset in ("utf-8-sig", "gb18030"):
        try:
            content.decode(charset)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _office(content: bytes, name: str) -> str:
    """An archive that is no document is refused: what is in it could not be looked at."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            is_odf = names >= {"mimetype", "content.xml"}
    except _GIVEN_UP:
        raise Fault("“%(name)s”已损坏，打不开；请重新导出后再传", name=name) from None
    opened = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or opened > MOST_OPENED or opened > MOST_RATIO * max(len(content), 1 << 20):
        raise Fault("“%(name)s”展开后过大，不予接收；请另存后再传", name=name)
    if any(part.rsplit("/", 1)[-1].lower() in {"vbaproject.bin", "vbadata.xml"} for part in names):
        raise _macros(name)
    kind = "odf" if is_odf else next((kind for part, kind in _OFFICE.items() if part in names), None)
    if kind is None or any(part.flag_bits & 1 for part in parts):
        raise Fault("“%(name)s”是压缩包或加了密码；请解压、去掉密码后逐个上传", name=name)
    return kind


def _refuse_large_picture(content: bytes, name: str) -> None:
    """By the size that its head tells: whoever opens it later decodes it on his own machine."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_PICTURES) as image:
                width, height = image.size
    except Image.DecompressionBombError:
        width, height = MOST_PIXELS, 2
    except Exception:  # whatever a decoder makes of hostile bytes
        raise Fault("“%(name)s”已损坏，打不开；请重新导出后再传", name=name) from None
    if width * height > MOST_PIXELS:
        raise Fault("照片“%(name)s”的尺寸过大；请缩小后再发", name=name)


def _macros(name: str) -> Fault:
    return Fault("“%(name)s”含有宏，不予接收；请另存为不含宏的文件或 PDF", name=name)
