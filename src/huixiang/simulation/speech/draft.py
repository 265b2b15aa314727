"""What has been said so far? Pieces that know their role; places are counted once, when the last word stands."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from huixiang.simulation.speech.contract import Mention, Opinion, Planted, Span, Utterance
from huixiang.simulation.speech.material import topic_of

# Text; "" | aspect | opinion; number of its clause; "" | bank | product | branch | planted:0 (number of the planting).
Piece = tuple[str, str, int, str]


class Draft:
    """What will the text be made of? `clauses` holds (topic, polarity) by number, `plantings` (kind, value)."""

    __slots__ = ("clauses", "pieces", "plantings")

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.clauses: list[tuple[str, str]] = []
        self.plantings: list[tuple[str, str]] = []

    def add(self, text: str, role: str = "", number: int = -1, name: str = "") -> None:
        """Put one more piece at the end. An aspect may be a product's name as well, so both are kept."""
        self.pieces.append((text, role, number, name))

    def plant(self, kind: str, value: str, written: str) -> None:
        """Put personal data at the end, as written here and with its plain value."""
        self.add(written, name=f"planted:{len(self.plantings)}")
        self.plantings.append((kind, value))

    def quote(self, said: Utterance) -> None:
        """Put what somebody said at the end, as it was said, with all that is true of it."""
        base = len(self.clauses)
        self.clauses += [(opinion.topic, opinion.polarity) for opinion in said.opinions]
        roles = [
            (span, role, base + number)
            for number, opinion in enumerate(said.opinions)
            for role, span in (("aspect", opinion.aspect), ("opinion", opinion.opinion))
            if span
        ]
        names = [(one.span, one.kind) for one in said.mentions]
        for one in said.planted:
            names.append((one.span, f"planted:{len(self.plantings)}"))
            self.plantings.append((one.kind, one.value))
        spans = [span for span, *_ in roles] + [span for span, _ in names]
        edges = sorted({0, len(said.text)} | {edge for span in spans for edge in (span.start, span.end)})
        for start, end in pairwise(edges):
            role, number = next(((r, n) for span, r, n in roles if span.start <= start < span.end), ("", -1))
            name = next((name for span, name in names if span.start <= start < span.end), "")
            self.add(said.text[start:end], role, number, name)

    def last(self) -> str:
        """With which character does it end so far? Empty at the start."""
        return self.pieces[-1][0][-1:] if self.pieces else ""

    def change(self, voice: Callable[[str, str], str]) -> None:
        """Say every piece in another voice: `voice(text, name)` gives its new text."""
        self.pieces = [(voice(text, name), role, number, name) for text, role, number, name in self.pieces]

    def trim(self) -> None:
        """Drop a pause at the very end, left where a careless writer puts spaces for commas."""
        if self.pieces:
            text, role, number, name = self.pieces[-1]
            self.pieces[-1] = (text.rstrip(" "), role, number, name)

    def finish(self) -> tuple[str, tuple[Opinion, ...], tuple[Mention, ...], tuple[Planted, ...]]:
        """The text, and where its opinions, names and personal data stand."""
        at = 0
        marked: dict[tuple[int, str], Span] = {}
        mentions, planted = [], []
        for text, role, number, name in self.pieces:
            span = Span(at, at + len(text))
            at = span.end
            if role and text:
                begun = marked.get((number, role))
                marked[number, role] = Span(begun.start, span.end) if begun else span
            if name.startswith("planted:"):
                kind, value = self.plantings[int(name.removeprefix("planted:"))]
                planted.append(Planted(kind, span, value))
            elif name in ("bank", "product"):
                mentions.append(Mention(name, span))
        opinions = tuple(
            Opinion(topic_of(topic), polarity, marked.get((number, "aspect")), marked.get((number, "opinion")))
            for number, (topic, polarity) in enumerate(self.clauses)
        )
        return "".join(piece[0] for piece in self.pieces), opinions, tuple(mentions), tuple(planted)
