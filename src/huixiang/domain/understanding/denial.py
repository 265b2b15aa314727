"""Is a thing denied where it is said? 我不会去投诉 is no threat, 不得不投诉 is one."""

from __future__ import annotations

import re

_LOOKED_BACK = 8  # characters; a denial farther off rarely reaches the word
_DENIED = re.compile(
    r"(?:不会|不想|不打算|不愿|不需要|不用|不必|没必要|没有|没|不是|并非|未|别|从不|从未|取消|撤销|撤回|不|避免|防止|谨防|预防|以防|小心|当心|放弃)"
    r"[^,，。.！!？?；;\n]{0,3}$"
)
# What looks like a denial and is none, or is one twice.
_NOT_DENIED = re.compile(
    r"不得不|不能不|忍不住|不会不|没办法|别无|不然|不但|不仅|不仅仅|不光|不只|不行就|再不|如果不|要是不|若不|别逼|逼|不给|不解决|不处理|不退|不回复"
    r"|没(?:有)?人管|没有(?:结果|解决|回复|处理)|是不是|有没有|会不会|要不要|未果|不成|不管|大不了|受不了|少不了"
)


def denied(normal: str, start: int) -> bool:
    """Does a denial in the same clause reach the word that begins at `start`?"""
    before = normal[max(0, start - _LOOKED_BACK) : start]
    return bool(_DENIED.search(before)) and not _NOT_DENIED.search(before)
