"""Which of the bank's labels does a text bear? Several linear views of it, weighed against each other."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.learned import reasons
from huixiang.domain.understanding.learned.grams import Bag
from huixiang.domain.understanding.learned.rows import FEELINGS, PARTS, Reader, Rows

FORM = 2  # of the file; another number is another form
_FLOOR = 1e-3  # below which a view's probability counts as "certainly not"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """One linear model: which columns it looks at, its weights (columns, labels), its bias (labels,)."""

    sees: tuple[str, ...]  # names of rows.PARTS, and FEELINGS
    kind: str
    weights: NDArray[np.float32]
    bias: Floats

    def probabilities(self, rows: Rows) -> Floats:
        """Shape (texts, labels), rows sum to 1."""
        return squashed(np.asarray(rows.columns(self.sees) @ self.weights) + self.bias, self.kind)


def squashed(margins: Floats, kind: str) -> Floats:
    """Probabilities from the margins of one-against-the-rest models."""
    if kind == "logistic":
        each = 1 / (1 + np.exp(-np.clip(margins, -30, 30)))
        return np.asarray(each / np.maximum(each.sum(1, keepdims=True), 1e-12), float)
    return softmax(2 * margins)


def softmax(margins: Floats) -> Floats:
    """exp over its sum, a row at a time."""
    powers = np.exp(margins - margins.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), float)


def joined(views: Sequence[Floats]) -> Floats:
    """What the views say, side by side, as logarithms: shape (texts, views × labels)."""
    return np.hstack([np.log(np.maximum(view, _FLOOR)) for view in views])


@dataclass(frozen=True, slots=True)
class Classifier:
    """A trained model. `lean` is added to the logarithms when a label must be told: it buys what `aim` measures."""

    task: str
    aim: str
    labels: tuple[str, ...]
    reader: Reader
    views: tuple[View, ...]
    weights: Floats  # (views × labels, labels)
    bias: Floats  # (labels,)
    lean: Floats  # (labels,)

    def probabilities(self, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> Floats:
        """How likely is each label? Shape (texts, labels), calibrated on texts that no view had learned."""
        if not normals:
            return np.zeros((0, len(self.labels)))
        rows = self.reader.rows(normals, tokens)
        return softmax(joined([view.probabilities(rows) for view in self.views]) @ self.weights + self.bias)

    def told(self, probabilities: Floats) -> list[str]:
        """The label to tell for each text."""
        return [self.labels[place] for place in (np.log(probabilities + 1e-9) + self.lean).argmax(1)]

    def whys(
        self, normals: Sequence[str], tokens: Sequence[Sequence[str]], labels: Sequence[str], most: int = 3
    ) -> list[tuple[str, ...]]:
        """Which words of each text spoke most for its label, the strongest first? None where nothing did.

        Raises KeyError for a label that the model does not know.
        """
        if strange := set(labels) - set(self.labels):
            raise KeyError(min(strange))
        shares = self.weights.reshape(len(self.views), -1, len(self.labels))
        # What a view says of all labels alike decides nothing.
        heard = [(view, share - share.mean(0)) for view, share in zip(self.views, shares, strict=True)]
        asked = np.array([self.labels.index(label) for label in labels], np.int64)
        return reasons.strongest(self.reader, normals, tokens, asked, heard, most)

    def why(self, normal: str, pieces: Sequence[str], label: str, most: int = 3) -> tuple[str, ...]:
        """The same of one text."""
        return self.whys([normal], [pieces], [label], most)[0]

    def dumps(self) -> bytes:
        """As one file of plain arrays: nothing in it is ever executed when it is read."""
        about = {"form": FORM, "task": self.task, "aim": self.aim, "labels": self.labels}
        about["views"] = [[view.sees, view.kind] for view in self.views]
        arrays: dict[str, NDArray[Any]] = {"weights": self.weights, "bias": self.bias, "lean": self.lean}
        for name, bag in self.reader.bags.items():
            arrays |= {f"{name}_keys": bag.keys, f"{name}_weights": bag.weights}
        for number, view in enumerate(self.views):
            arrays |= {f"view{number}_weights": view.weights, f"view{number}_bias": view.bias}
        told = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)
        file = io.BytesIO()
        np.savez_compressed(file, allow_pickle=False, about=told, **arrays)
        return file.getvalue()

    @staticmethod
    def loads(data: bytes) -> Classifier:
        """Read what `dumps` wrote. Raises ValueError where it is something else."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                about = json.loads(file["about"].tobytes())
                if about["form"] != FORM:
                    raise ValueError(f"its form is {about['form']}, this version reads {FORM}: train it again")
                views = tuple(
                    View(tuple(sees), kind, file[f"view{number}_weights"], file[f"view{number}_bias"])
                    for number, (sees, kind) in enumerate(about["views"])
                )
                seen = {name for view in views for name in view.sees}
                bags = {
                    name: Bag(file[f"{name}_keys"], file[f"{name}_weights"], PARTS[name].longest)
                    for name in sorted(seen - {FEELINGS})
                }
                reader = Reader(bags, feels=FEELINGS in seen)
                ends = file["weights"], file["bias"], file["lean"]
                return Classifier(about["task"], about["aim"], tuple(about["labels"]), reader, views, *ends)
        except (EOFError, KeyError, OSError, TypeError, ValueError, BadZipFile, zlib.error) as error:
            raise ValueError(f"not a model of 回响: {error}") from error
