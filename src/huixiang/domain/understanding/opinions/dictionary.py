"""Which words name banks, products, aspects and opinions? Plain text files, and what a bank adds to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from huixiang.domain.understanding.feelings import strengths
from huixiang.domain.understanding.lexicon import sections
from huixiang.domain.understanding.opinions.tags import ASPECT, BANK, OPINION, PRODUCT

# Section → what a word in it is. A bank's own file uses the same sections.
SECTIONS = {
    "银行": BANK,
    **dict.fromkeys(("存款理财", "贷款", "卡", "渠道"), PRODUCT),
    **dict.fromkeys(("越高越好", "越低越好", "看产品"), ASPECT),
    **dict.fromkeys(("高", "低", "褒", "贬", "平"), OPINION),
}
_FILES = {"banks.txt": BANK, "products.txt": PRODUCT, "aspects.txt": ASPECT, "words.txt": OPINION}
OTHERS = {"产品": PRODUCT, "评价对象": ASPECT}  # where the section has no say in what is good
_LEFT_OUT = "除外"
_STRONG_ENOUGH = 0.5  # of the lists of praise and blame; weaker words tell of doings


@dataclass(frozen=True, slots=True)
class Dictionary:
    """`kinds` tells of which kind a word is; `sections` in which section it stands, where that matters."""

    kinds: Mapping[str, str]
    sections: Mapping[str, str]

    @staticmethod
    def shipped(own: str = "") -> Dictionary:
        """The product's words, and the bank's own over them. Raises ValueError for a section that is none of ours."""
        kinds = {word: OPINION for word, strength in strengths().items() if abs(strength) >= _STRONG_ENOUGH}
        within: dict[str, str] = {}
        left_out: frozenset[str] = frozenset()
        for name in ("words.txt", "aspects.txt", "products.txt", "banks.txt"):  # a later file wins: 投诉 is an aspect
            written = sections(files(__package__).joinpath("data", name).read_text("utf-8"))
            left_out |= written.pop(_LEFT_OUT, frozenset())
            for section, words in written.items():
                kinds |= dict.fromkeys(words, _FILES[name])
                within |= dict.fromkeys(words, section)
        kinds = {word: kind for word, kind in kinds.items() if word not in left_out or kind != OPINION}
        kinds = {word: kind for word, kind in kinds.items() if word in within or not _holds_aspect(word, kinds)}
        added, removed = own_words(own)
        for word in removed.union(added.kinds):
            kinds.pop(word, None)
            within.pop(word, None)
        return Dictionary(kinds | dict(added.kinds), within | dict(added.sections))


def own_words(own: str) -> tuple[Dictionary, frozenset[str]]:
    """What a bank adds, and the words it takes away ([除外]). Raises ValueError for a section that is none of ours."""
    kinds: dict[str, str] = {}
    within: dict[str, str] = {}
    removed: frozenset[str] = frozenset()
    for section, words in sections(own.lower()).items():
        kind = SECTIONS.get(section) or OTHERS.get(section)
        if kind is not None:
            kinds |= dict.fromkeys(words, kind)
            within |= dict.fromkeys(words, section)
        elif section == _LEFT_OUT:
            removed |= words
        else:
            known = "、".join((*SECTIONS, *OTHERS, _LEFT_OUT))
            raise ValueError(f"[{section}]：应为 {known} 之一 / an unknown section")
    return Dictionary(kinds, within), removed.difference(kinds)


def _holds_aspect(word: str, kinds: Mapping[str, str]) -> bool:
    """Is it an aspect and an opinion in one, as the lists of blame have 利率高? Then both parts are read apart."""
    return any(kinds.get(word[:at]) in (ASPECT, PRODUCT) and word[at:] in kinds for at in range(1, len(word)))
