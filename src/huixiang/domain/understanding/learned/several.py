"""Which of the bank's topics does a text bear, none, one or several? Each topic by a line of its own."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.learned import reasons
from huixiang.domain.understanding.learned.classifier import Floats, View
from huixiang.domain.understanding.learned.grams import Bag
from huixiang.domain.understanding.learned.rows import FEELINGS, PARTS, Reader

FORM = 2  # of the file; another number is another form
SORT = "several"  # in the file: told apart from a classifier, which tells one label a text
SEES = ("characters", "words", "feelings")


@dataclass(frozen=True, slots=True)
class Several:
    """A trained model of `labels`. A margin becomes a probability by `slope` and `offset` (Platt), and a label is told
    where that reaches its `bar`: each label has its own, all of shape (labels,).
    """

    task: str
    aim: str
    labels: tuple[str, ...]
    reader: Reader
    weights: NDArray[np.float32]  # (columns, labels)
    bias: Floats
    slope: Floats
    offset: Floats
    bar: Floats

    def probabilities(self, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> Floats:
        """How likely does each text bear each label? Shape (texts, labels); rows do not sum to 1."""
        if not normals:
            return np.zeros((0, len(self.labels)))
        seen = self.reader.rows(normals, tokens).columns(SEES)
        return likely(np.asarray(seen @ self.weights) + self.bias, self.slope, self.offset)

    def places(self, probabilities: Floats) -> list[list[int]]:
        """Which labels to tell of each text, the likeliest first, as places in `labels`."""
        order = np.argsort(-probabilities, axis=1, kind="stable")
        told = probabilities >= self.bar
        return [[int(place) for place in row if held[place]] for row, held in zip(order, told, strict=True)]

    def whys(
        self, normals: Sequence[str], tokens: Sequence[Sequence[str]], labels: Sequence[str], most: int = 3
    ) -> list[tuple[str, ...]]:
        """Which words of each text spoke most for its label, the strongest first? Raises KeyError as a classifier."""
        if strange := set(labels) - set(self.labels):
            raise KeyError(min(strange))
        asked = np.array([self.labels.index(label) for label in labels], np.int64)
        view = View(SEES, "margin", self.weights, self.bias)
        return reasons.strongest(self.reader, normals, tokens, asked, [(view, None)], most)

    def dumps(self) -> bytes:
        """As one file of plain arrays: nothing in it is ever executed when it is read."""
        about = {"form": FORM, "sort": SORT, "task": self.task, "aim": self.aim, "labels": self.labels}
        arrays = {name: getattr(self, name) for name in ("weights", "bias", "slope", "offset", "bar")}
        for name, bag in self.reader.bags.items():
            arrays |= {f"{name}_keys": bag.keys, f"{name}_weights": bag.weights}
        told = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)
        file = io.BytesIO()
        np.savez_compressed(file, allow_pickle=False, about=told, **arrays)
        return file.getvalue()

    @staticmethod
    def loads(data: bytes) -> Several:
        """Read what `dumps` wrote. Raises ValueError where it is something else."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                about = json.loads(file["about"].tobytes())
                if about["form"] != FORM or about.get("sort") != SORT:
                    raise ValueError(f"its form is {about['form']}, this version reads {FORM}: train it again")
                bags = {
                    name: Bag(file[f"{name}_keys"], file[f"{name}_weights"], PARTS[name].longest)
                    for name in SEES
                    if name != FEELINGS
                }
                ends = [file[name] for name in ("weights", "bias", "slope", "offset", "bar")]
                return Several(about["task"], about["aim"], tuple(about["labels"]), Reader(bags, feels=True), *ends)
        except (EOFError, KeyError, OSError, TypeError, ValueError, BadZipFile, zlib.error) as error:
            raise ValueError(f"not a model of 回响: {error}") from error


def likely(margins: Floats, slope: Floats, offset: Floats) -> Floats:
    """The logistic function of a line over the margins."""
    return np.asarray(1 / (1 + np.exp(-np.clip(margins * slope + offset, -30, 30))), float)
