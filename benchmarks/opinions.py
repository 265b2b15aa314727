"""How well are opinions read? Strict F1 of the trained reader and the shipped rules beside a plain character CRF.

python -m benchmarks.opinions [--folds 5] [--without-peer]: each text is read by a model that never saw it. The peer is
python-crfsuite with single characters, pairs and triples (pip install python-crfsuite; it is no part of the product).
With --people nothing is learned: where two texts share a passage, marks of the one are judged by those of the other.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from huixiang.domain.understanding.opinions import training
from huixiang.domain.understanding.opinions.chain import plain
from huixiang.domain.understanding.opinions.rules import Rules
from huixiang.domain.understanding.opinions.scores import strict_f1
from huixiang.domain.understanding.opinions.tags import KINDS, Span, marked, spans, tags_of

DATA = Path(__file__).resolve().parents[2] / "shared/data/bdci2021_bank.csv"
PASSAGE, COMMON = 8, 15  # characters; texts
FOLDS_SEED = 2021  # not the seed of the folds that the method was chosen on
Texts = Sequence[str]
Marks = Sequence[Sequence[Span]]
Read = Callable[[Texts], list[list[Span]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=5, help="how many of five folds are read")
    parser.add_argument("--without-peer", action="store_true")
    parser.add_argument("--people", action="store_true", help="how far do people agree with people?")
    parser.add_argument("--texts", type=int, help="learn from so many texts only")
    args = parser.parse_args()
    if not DATA.exists():
        print(f"{DATA} is not here: nothing to measure")
        return
    with DATA.open(encoding="utf-8") as file:
        found = [(row["text"], spans(tags_of(row["bio"], row["text"]))) for row in csv.DictReader(file)]
    if args.people:
        print(people(found))
        return
    makers: dict[str, Callable[[Texts, Marks], Read]] = {"shipped rules": rules}
    if not args.without_peer:
        makers["character CRF (python-crfsuite)"] = peer
    makers["trained"] = trained
    print(f"| reader | strict F1 | 95 % | {' | '.join(KINDS)} | training, CPU s | documents/s |")
    print(f"|---|---|---|{'---|' * len(KINDS)}---|---|")
    for name, maker in makers.items():
        print(row(name, maker, found, args.folds, args.texts), flush=True)


def row(
    name: str, maker: Callable[[Texts, Marks], Read], found: list[tuple[str, list[Span]]], folds: int, texts: int | None
) -> str:
    gold: list[list[Span]] = []
    told: list[list[Span]] = []
    learning = reading = 0.0
    for learned, asked in list(training.folds(len(found), FOLDS_SEED, 5))[:folds]:
        begun = time.process_time()
        few = learned[:: len(learned) // texts][:texts] if texts else learned
        read = maker(*zip(*(found[n] for n in few), strict=True))
        ready = time.process_time()
        told += read([found[n][0] for n in asked])
        learning, reading = learning + ready - begun, reading + time.process_time() - ready
        gold += [found[n][1] for n in asked]
    whole, by_kind = strict_f1(gold, told)
    kinds = " | ".join(f"{by_kind[kind].value:.3f}" for kind in KINDS)
    interval = f"{whole.low:.3f}–{whole.high:.3f}"
    return (
        f"| {name} | {whole.value:.3f} | {interval} | {kinds} | {learning / folds:.1f} | {len(gold) / reading:,.0f} |"
    )


def people(found: list[tuple[str, list[Span]]]) -> str:
    """Strict F1 of marks against marks inside passages of PASSAGE characters or more that two texts share."""
    one: list[list[Span]] = []
    other: list[list[Span]] = []
    for first, second in shared([plain(text) for text, _ in found]):
        blocks = SequenceMatcher(None, plain(found[first][0]), plain(found[second][0]), autojunk=False)
        passages = [block for block in blocks.get_matching_blocks() if block.size >= PASSAGE]
        one.append([span for at, _, size in passages for span in inside(found[first][1], at, size, at)])
        other.append([span for at, to, size in passages for span in inside(found[second][1], to, size, at)])
    whole, by_kind = strict_f1(one, other)
    told = [f"{name} {score.value:.3f} ({score.low:.3f}–{score.high:.3f})" for name, score in by_kind.items()]
    marks = sum(map(len, one)) + sum(map(len, other))
    every = f"{whole.value:.3f} ({whole.low:.3f}–{whole.high:.3f})"
    return f"{len(one)} pairs, {marks} marks: strict F1 {every}; {'; '.join(told)}"


def shared(plains: Texts) -> list[tuple[int, int]]:
    """Pairs of different texts with a passage in common that is no formula: fewer than COMMON texts hold it."""
    holds: dict[str, set[int]] = {}
    for number, text in enumerate(plains):
        for at in range(len(text) - PASSAGE + 1):
            holds.setdefault(text[at : at + PASSAGE], set()).add(number)
    pairs = {pair for texts in holds.values() if len(texts) < COMMON for pair in combinations(sorted(texts), 2)}
    return sorted((first, second) for first, second in pairs if plains[first] != plains[second])


def inside(marks: Sequence[Span], begin: int, size: int, at: int) -> list[Span]:
    """The marks inside a passage, as if it began at `at`."""
    return [
        Span(start - begin + at, end - begin + at, kind)
        for start, end, kind in marks
        if begin <= start and end <= begin + size
    ]


def rules(_texts: Texts, _gold: Marks) -> Read:
    return Rules().spans


def trained(texts: Texts, gold: Marks) -> Read:
    return training.train(texts, gold).spans


def peer(texts: Texts, gold: Marks) -> Read:
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": 0.1, "c2": 0.1, "max_iterations": 100, "feature.possible_transitions": True})
    for text, its in zip(texts, gold, strict=True):
        trainer.append(seen(text), marked(its, len(text)))
    tagger = pycrfsuite.Tagger()
    with TemporaryDirectory() as folder:
        trainer.train(f"{folder}/model")
        tagger.open(f"{folder}/model")
    return lambda asked: [spans(tagger.tag(seen(text))) for text in asked]


def seen(text: str) -> list[list[str]]:
    """Characters two to each side, pairs and the triple around: the usual window."""
    wide = f"<<{text}>>"
    return [
        [
            "bias",
            *(f"{at}:{wide[here + at]}" for at in (-2, -1, 0, 1, 2)),
            *(f"{at}+:{wide[here + at : here + at + 2]}" for at in (-2, -1, 0, 1)),
            f"three:{wide[here - 1 : here + 2]}",
        ]
        for here in range(2, len(wide) - 2)
    ]


if __name__ == "__main__":
    main()
