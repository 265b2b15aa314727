"""How many sentences of our own are told as they were meant? Written before the rules were mended on them.

    python -m benchmarks.tones [--show limits]

tests/gold/tones holds about two thousand sentences in the tones of customers, by matter, under the label each was
written for. They are nobody's words but ours, so they may stand in the repository. A bank may put its own files there.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

from huixiang.domain.understanding.contract import LABELS, Sentiment
from huixiang.domain.understanding.learned.sentiments import label_of
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.sentiment import Sentiments
from huixiang.domain.understanding.words import Words

GOLD = Path(__file__).parents[1] / "tests/gold/tones"


class Tone(NamedTuple):
    """One sentence, the file it stands in, and the label it was written for."""

    matter: str
    text: str
    label: str


def tones() -> list[Tone]:
    """All sentences: under a [label] line, one a line, # for remarks."""
    found = []
    for path in sorted(GOLD.glob("*.txt")):
        label: str | None = None
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("["):
                label = label_of(line.strip("[]"))
            elif line and not line.startswith("#"):
                if label is None:
                    raise ValueError(f"{path.name}: {line}: stands under none of [负面], [中性], [正面]")
                found.append(Tone(path.stem, line, label))
    return found


def read(said: list[Tone]) -> list[Sentiment]:
    """What the rules tell of them."""
    words, normals = Words(), [normalise(tone.text) for tone in said]
    return Sentiments().read(normals, [words.tokens(normal) for normal in normals])


def right(said: list[Tone], told: list[Sentiment]) -> tuple[float, float]:
    """The share told as meant, and the share of what is not neutral whose side is right."""
    felt = [
        (tone.label == "negative") == (each.negative >= each.positive)
        for tone, each in zip(said, told, strict=True)
        if tone.label != "neutral"
    ]
    same = [tone.label == each.label for tone, each in zip(said, told, strict=True)]
    return sum(same) / len(same), sum(felt) / len(felt)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", help="the sentences of one file that are told otherwise")
    args = parser.parse_args()
    said = tones()
    told = read(said)
    print(f"{'':<10}{'sentences':>10}{'as meant':>10}{'side':>8}{'  meant → told negative, neutral, positive'}")
    for matter in [*sorted({tone.matter for tone in said}), ""]:
        both = [(tone, each) for tone, each in zip(said, told, strict=True) if matter in ("", tone.matter)]
        same, side = right([tone for tone, _ in both], [each for _, each in both])
        print(f"{matter or 'all':<10}{len(both):>10,}{same:>10.3f}{side:>8.3f}", end="")
        for meant in LABELS:
            counts = [sum(t.label == meant and s.label == label for t, s in both) for label in LABELS]
            print(f"  {meant} {' '.join(map(str, counts))}", end="")
        print()
    for tone, each in zip(said, told, strict=True):
        if tone.matter == args.show and tone.label != each.label:
            print(f"  {tone.label} told {each.label}: {tone.text}")


if __name__ == "__main__":
    main()
