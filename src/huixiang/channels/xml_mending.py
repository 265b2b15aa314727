"""How is a feed read that is no XML by a hair? What people's programs get wrong is put right as the bytes go by.

HTML's named characters (&nbsp;), a bare & and control characters are no XML, and stand in many feeds. Content in CDATA
is taken as it stands, but for the control characters.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import BinaryIO

from huixiang.channels import charsets

_CHUNK = 1 << 16
_LONGEST = 40  # bytes of what is looked for
_ODD = re.compile(
    rb"<!\[CDATA\[|\]\]>|&(?:#(?P<number>\d{1,7});|#x(?P<hex>[0-9a-fA-F]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{0,31});)?"
    rb"|[\x00-\x08\x0b\x0c\x0e-\x1f]"
)
_XML = {b"amp", b"lt", b"gt", b"quot", b"apos"}
_DECLARED = re.compile(rb"^[^<]{0,8}<\?xml[^>]{0,200}encoding\s*=\s*[\"'](?:gb2312|gbk|x-gbk|gb_2312-80)[\"']", re.I)

_TELLS = re.compile(rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)|^[^<]{0,8}<\?xml[^>]{0,200}encoding\s*=|\0")


def encoding_of(sample: bytes) -> str | None:
    """GB 2312 by name is GB 18030 in fact; None where the file may tell it itself.

    One that names none would be UTF-8. Many of GBK and Big5 name none, since the server's header did.
    """
    if _DECLARED.match(sample):
        return "gb18030"
    return None if _TELLS.search(sample) else charsets.chinese(sample)


class Mended:
    """A file whose bytes come mended. Of encodings that keep ASCII as it is; UTF-16 goes by untouched."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._held, self._is_literal = file, b"", False
        head = file.read(4)
        file.seek(-len(head), 1)
        self._is_wide = b"\0" in head or head[:2] in {b"\xff\xfe", b"\xfe\xff"}

    def read(self, size: int = -1) -> bytes:
        """At most about so many bytes; an empty answer is the end."""
        while True:
            chunk = self._file.read(_CHUNK if size < 0 else max(size, 1))
            if self._is_wide:
                return chunk
            data = self._held + chunk
            end = self._safe_end(data) if chunk else len(data)
            found, self._held = _ODD.sub(self._put_right, data[:end]), data[end:]
            if found or not chunk:
                return found

    @staticmethod
    def _safe_end(data: bytes) -> int:
        """Before what may go on in the next chunk."""
        begins = [place for sign in (b"&", b"<", b"]") if (place := data.find(sign, max(0, len(data) - _LONGEST))) >= 0]
        end = min(begins, default=len(data))
        return len(data[:end].rstrip(b"]")) if data[end : end + 1] == b"]" else end

    def _put_right(self, found: re.Match[bytes]) -> bytes:
        sign = found[0]
        if sign in {b"<![CDATA[", b"]]>"}:
            self._is_literal = sign != b"]]>"
            return sign
        if not sign.startswith(b"&"):
            return b""
        return sign if self._is_literal else _reference(found)


def _reference(found: re.Match[bytes]) -> bytes:
    if name := found["name"]:
        known = html5.get(f"{name.decode('ascii')};")
        if name in _XML:
            return found[0]
        return "".join(f"&#{ord(sign)};" for sign in known).encode() if known else b"&amp;" + found[0][1:]
    if found["number"] or found["hex"]:
        code = int(found["number"]) if found["number"] else int(found["hex"], 16)
        is_allowed = (
            code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
        )
        return found[0] if is_allowed else b""
    return b"&amp;"
