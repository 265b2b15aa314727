"""What do these bytes say, whatever encoding they are said to be in? Mails and feeds often name a wrong one.

An encoding that is named counts if it reads the bytes without a fault and what comes out looks like language. Else, and
where none is named, UTF-8, GB18030 and Big5 are tried; of the latter two the one whose characters are the common ones.
Both national sets put their common characters first (GB 2312 level 1: 3,755 hanzi in rows 16 to 55; Big5 level 1:
5,401 hanzi from A440 to C67E), so that text read by the wrong one is full of rare ones and tells itself.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from huixiang.channels.encoding import shown

CHINESE = ("gb18030", "big5hkscs")
# What the names mean in practice: Windows and its mailers write GBK's characters under the older set's name.
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs", "cp936": "gb18030"}
# Python's text encodings that no mail means, and some that would run on for long.
_NO_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem", "utf-8-sig"}
# They read any bytes whatever, and so are often named by programs that did not ask.
_ANY_BYTES = re.compile(r"iso8859|cp125|cp437|cp850|latin|mac-|koi8|ascii|tis-620")
_LEVEL_ONE_GB = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]|[\xa1-\xa3][\xa1-\xfe]|[\x81-\xfe]\d[\x81-\xfe]\d", re.S)
_LEVEL_ONE_BIG5 = re.compile(rb"[\xa4-\xc5][\x40-\x7e\xa1-\xfe]|\xc6[\x40-\x7e]|\xa1[\x40-\x7e\xa1-\xfe]")
_PAIR = re.compile(rb"[\x81-\xfe]\d[\x81-\xfe]\d|[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")
_ACCENTED = re.compile(rb"[A-Za-z][\x80-\xff][a-z ,.'!?-]|[\x80-\xff][a-z]{2}")
_WIDE = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")  # hanzi, kana, signs, emoji in UTF-8
_RUN = re.compile(rb"[\x80-\xff]{4}")
_ENOUGH = 4_000  # bytes that are judged
_ASCII = bytes(range(128))
_LANGUAGE = 0.7  # of the pairs must be common characters in text that is meant; read wrongly it is some 40 %


@lru_cache(256)
def known(name: str) -> str | None:
    """The codec that this name means; None where it means none that text is written in."""
    plain = name.strip().strip("\"'").lower()
    try:
        found = codecs.lookup(_ALIASES.get(plain, plain))
    except (LookupError, ValueError):
        return None
    codec = found.name
    if codec.replace("_", "-") in _NO_CHARSETS or not getattr(found, "_is_text_encoding", True):
        return None
    return _ALIASES.get(codec, codec)


def decode(data: bytes, named: str = "") -> tuple[str, bool]:
    """The text, and whether every byte could be read. What fits nothing stands in it as �."""
    if data.isascii() and not (named and named.lower().startswith(("hz", "iso-2022", "utf-7", "utf-16"))):
        return data.decode("ascii"), True
    for codec in _in_order(data, known(named) if named else None):
        try:
            return data.decode(codec), True
        except (UnicodeDecodeError, ValueError):
            continue
    likeliest = known(named) if named and not _reads_anything(known(named)) else None
    return shown(data.decode(likeliest or "utf-8", "replace")), False


def chinese(sample: bytes) -> str | None:
    """GB18030 or Big5, where these bytes are no UTF-8 and read as one of them like language; None otherwise."""
    if sample.isascii() or _is_utf8(sample):
        return None
    part = sample.lstrip(_ASCII)[:_ENOUGH]  # what comes before may be all markup
    shares = {codec: _share(part, codec) for codec in CHINESE}
    likeliest = max(CHINESE, key=lambda codec: shares[codec])
    return likeliest if shares[likeliest] >= _LANGUAGE else None


def _in_order(data: bytes, named: str | None) -> list[str]:
    """Which encodings are tried, the likeliest first?"""
    part = data[:_ENOUGH]
    if named in CHINESE:
        return _chinese_order(part, named)
    if named and named.startswith(("utf-16", "utf-32", "utf-7", "hz", "iso2022", "shift", "euc", "cp949", "johab")):
        return [named, *_chinese_order(part, None)]
    western = [named] if named and _reads_anything(named) else []
    if western and not _is_utf8(part) and _share(part, "gb18030") < _LANGUAGE > _share(part, "big5hkscs"):
        return western
    if western and not _is_utf8(part) and len(_ACCENTED.findall(part)) * 2 > len(_PAIR.findall(part)):
        return western  # é between Latin letters
    if named == "utf-8" and _is_utf8(part):
        return ["utf-8"]
    return [*([named] if named and not western else []), *_chinese_order(part, None), *western]


def _chinese_order(part: bytes, named: str | None) -> list[str]:
    if _is_utf8(part) and not (named and len(part) <= _SHORT and _share(part, named) >= _LANGUAGE):
        if _RUN.search(part) and not _WIDE.search(part) and _share(part, "gb18030") >= _LANGUAGE:
            return ["gb18030", "utf-8"]  # 目前: no hanzi if read as UTF-8, and no text that writes one accent at a time
        return ["utf-8", *filter(None, [named]), *CHINESE]
    if named and _share(part, named) >= _SURE:
        return [named, *(codec for codec in CHINESE if codec != named), "utf-8"]
    shares = {codec: _share(part, codec) for codec in CHINESE}
    likelier = max(CHINESE, key=lambda codec: shares[codec] + (_TRUST if codec == named else 0.0))
    return [likelier, *(codec for codec in CHINESE if codec != likelier), "utf-8"]


_SHORT = 6  # bytes: 联通 in GBK is valid UTF-8 too; three characters in a row hardly ever are
_SURE = 0.95  # what is named and reads so well needs no comparison: the other set's text never does
_TRUST = 0.15  # so much more language another encoding must show than the one that is named


def _is_utf8(part: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(part)  # its end may be cut
    except UnicodeDecodeError:
        return False
    return not part.isascii()


def _share(part: bytes, codec: str) -> float:
    """How many of the two-byte characters are common ones in this set?"""
    common = _LEVEL_ONE_GB if codec == "gb18030" else _LEVEL_ONE_BIG5
    pairs = _PAIR.findall(part)
    return sum(common.fullmatch(pair) is not None for pair in pairs) / len(pairs) if pairs else 0.0


def _reads_anything(codec: str | None) -> bool:
    return codec is not None and _ANY_BYTES.search(codec.replace("_", "-")) is not None
