"""How does a text look to the masking rules? Same length as the original, so every place found counts there too."""

from __future__ import annotations

import re
import unicodedata

from huixiang.domain.understanding.normal import simplified

# Between two digits of one number people put spaces, hyphens of all kinds, and keycap emoji bring invisible marks.
GAP = "[ \t\\-\u2010-\u2015\u2212_\u00b7\u200b-\u200d\u2060\ufe0f\u20e3]{0,3}"
BLANK = "\0"  # stands where something is masked already: no rule matches it, and it ends every number and name

_FOLDED_RANGES = ((0xA0, 0xA1), (0xB2, 0xBA), (0x2070, 0x208F), (0x2460, 0x24FF), (0x3000, 0x3001), (0xFE50, 0xFE70))
_FOLDED_MORE = ((0xFF00, 0xFFF0), (0x1D7CE, 0x1D800))


def _folds() -> dict[int, str]:
    folds = {}
    for first, last in _FOLDED_RANGES + _FOLDED_MORE:
        for point in range(first, last):
            plain = unicodedata.normalize("NFKC", chr(point))
            if len(plain) == 1 and plain.isascii():
                folds[point] = plain
    folds.update({ord("❶") + n: str(n + 1) for n in range(9)})
    folds.update({ord("×"): "*", ord("●"): "*", ord("•"): "*", ord("✱"): "*", ord("∗"): "*", ord("╳"): "*"})
    return folds


class _Folded(dict[int, str]):
    """Each character as the rules read it, looked up once: traditional ones simplified, so 帳號 is 账号."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if 0x3400 <= code <= 0x9FFF and len(simple := simplified(char)) == 1:
            char = simple
        elif char.isdecimal():
            char = str(unicodedata.decimal(char))  # Arabic, Thai, mathematical bold …
        self[code] = char
        return char


_FOLDS = _Folded(_folds())
_CHINESE = "〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參陸"
_CHINESE_DIGITS = str.maketrans(_CHINESE + "叉", "000" + "123456789" + "1" + "123456789" + "236" + "X")
# 三七零零叉 ends with the check digit X; the last 一 of 零零八一半 or 零零八一直 begins a word.
_CHINESE_RUN = re.compile(f"[{_CHINESE}0-9](?:{GAP}(?!一[半个次下些直定起样旦种点般共])[{_CHINESE}0-9]){{1,}}叉?")
_CHINESE_FEW = re.compile(f"[{_CHINESE}]{GAP}[{_CHINESE}]")


def shadow(text: str) -> str:
    """The text with full-width, circled and other digits, letters and signs as plain ASCII, one for one."""
    return text if text.isascii() else text.translate(_FOLDS)


def spoken(plain: str) -> str | None:
    """The shadow with runs of Chinese digits (一三八…, 幺, 〇) as ASCII digits; None where there are no such runs."""
    if not _CHINESE_FEW.search(plain):
        return None
    return _CHINESE_RUN.sub(lambda run: run[0].translate(_CHINESE_DIGITS), plain)
