"""How is something told of a standard? A Chinese sentence with its values, which a page puts in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Said:
    """`message` has %(placeholders)s and is the key of the catalogue; a value may be a sentence too, see `within`."""

    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def within(self) -> dict[str, object]:
        """As a value of another sentence."""
        return {"message": self.message, "params": dict(self.params)}


def marked(text: str) -> str:
    """Words that a page translates, marked for the catalogue."""
    return text


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a file: at which key, as `measure.target` or `checklist.item[2].points`, and the remedy."""

    message: str
    key: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    line: int = 1


class BadStandard(ValueError):
    """A text that is no standard; all its mistakes at once, in the order of the text."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(f"line {each.line} {each.key}: {each.message % each.params}" for each in mistakes))
