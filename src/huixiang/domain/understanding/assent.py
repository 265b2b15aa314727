"""What is said besides 好的 and 对? On the telephone they answer the agent and praise nobody."""

from __future__ import annotations

from collections.abc import Sequence

_WORDS = frozenset("好 好的 好吧 好嘞 可以 可以的 行 行的 行吧 对 对的 对对 是 是的 嗯 没错 没问题".split())  # noqa: SIM905
_PARTICLES = frozenset("的吧啊呀嘞呢了哦")
_ENDS = frozenset(" ,.，。!！?？;；~…、")


def without_assent(pieces: Sequence[str]) -> Sequence[str]:
    """The pieces without the clauses that hold nothing but assent; all of them where nothing else is said.

    A whole review that reads 好 or 可以 is praise: there is no question that it could answer.
    """
    if _WORDS.isdisjoint(pieces):
        return pieces
    kept: list[str] = []
    clause: list[str] = []
    told = False
    for piece in (*pieces, "。"):
        if piece not in _ENDS:
            clause.append(piece)
            continue
        if not _is_assent(clause):
            told = told or bool(clause)
            kept += clause
        kept.append(piece)
        clause = []
    return kept[:-1] if told else pieces


def _is_assent(clause: Sequence[str]) -> bool:
    return not _WORDS.isdisjoint(clause) and all(piece in _WORDS or piece in _PARTICLES for piece in clause)
