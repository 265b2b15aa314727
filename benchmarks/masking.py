"""How much of what names a person is hidden, and how much that is harmless goes with it? By kind of case.

    .venv/bin/python -m benchmarks.masking [--misses]

The cases: tests/domain/masking_cases.tsv, made up, numbers of nobody. `blind` are those that were written before their
writer had read a line of the masking.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from huixiang.domain.understanding.masking import MARK, mask

CASES = Path(__file__).resolve().parents[1] / "tests/domain/masking_cases.tsv"
_SECRET = re.compile("⟦(.*?)⟧", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Case:
    """What was written, and which stretches of it must go?"""

    kind: str
    blind: bool
    text: str
    secrets: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Score:
    """Secrets to be hidden and wholly hidden; stretches hidden, and those of them that hid a secret."""

    cases: int = 0
    secrets: int = 0
    hidden: int = 0
    marks: int = 0
    right: int = 0

    def add(self, other: Score) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def recall(self) -> float:
        return self.hidden / self.secrets if self.secrets else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.marks if self.marks else 1.0


def cases(path: Path = CASES) -> list[Case]:
    """All cases of the file; lines that begin with # are remarks."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, blind, marked = line.split("\t")
            found.append(_case(kind, blind == "1", marked.replace("\\n", "\n")))
    return found


def _case(kind: str, blind: bool, marked: str) -> Case:
    pieces, secrets, length = _SECRET.split(marked), [], 0
    for place, piece in enumerate(pieces):
        if place % 2:
            secrets.append((length, length + len(piece)))
        length += len(piece)
    return Case(kind, blind, "".join(pieces), tuple(secrets))


def hidden(text: str) -> list[tuple[int, int]]:
    """Which stretches of the text stand no longer in its masked form? Told from outside, by what is left."""
    kept = MARK.split(mask(text).text)
    match = re.fullmatch("(.+?)".join(map(re.escape, kept)), text, re.DOTALL)
    assert match, text
    return [match.span(group) for group in range(1, len(kept))]


def score(case: Case) -> Score:
    """A secret is hidden when none of its letters and digits is left; a mark is right when half of it is secret."""
    marks, secret = hidden(case.text), {at for start, end in case.secrets for at in range(start, end)}
    gone = {at for start, end in marks for at in range(start, end)}
    whole = sum(all(at in gone or not case.text[at].isalnum() for at in range(*span)) for span in case.secrets)
    right = sum(2 * sum(at in secret for at in range(start, end)) >= end - start for start, end in marks)
    return Score(1, len(case.secrets), whole, len(marks), right)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="print the cases that go wrong")
    args = parser.parse_args()
    by_kind: dict[str, Score] = defaultdict(Score)
    for case in cases():
        found = score(case)
        for name in (case.kind, "blind" if case.blind else "later", "all"):
            by_kind[f"= {name}" if name in ("blind", "later", "all") else name].add(found)
        if args.misses and (found.hidden < found.secrets or found.right < found.marks):
            print(f"{case.kind}\t{case.text!r}\n\t{mask(case.text).text!r}")
    print(f"{'kind':<14}{'cases':>6}{'secrets':>9}{'recall':>8}{'marks':>7}{'precision':>11}")
    for kind in sorted(by_kind, key=lambda kind: (kind[0] == "=", kind)):
        one = by_kind[kind]
        print(f"{kind:<14}{one.cases:>6}{one.secrets:>9}{one.recall:>8.4f}{one.marks:>7}{one.precision:>11.4f}")


if __name__ == "__main__":
    main()
