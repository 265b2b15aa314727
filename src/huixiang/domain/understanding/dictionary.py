"""Is this a word of Chinese at large, and of which kind? The general dictionary, opened by whoever first asks.

To open it takes a third of a second, which a command that reads no text need not wait for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rjieba import Jieba


def has_word(word: str) -> bool:
    import rjieba

    return bool(rjieba.has_word(word))


def tag(text: str, guess: bool) -> list[tuple[str, str]]:
    """The words of a text, each with its kind; `guess`: also words that the dictionary does not hold."""
    import rjieba

    found: list[tuple[str, str]] = rjieba.tag(text, guess)
    return found


def cut(text: str, guess: bool) -> list[str]:
    import rjieba

    found: list[str] = rjieba.cut(text, guess)
    return found


def copy() -> Jieba:
    """One of one's own, which may be taught more words."""
    import rjieba

    return rjieba.Jieba()
