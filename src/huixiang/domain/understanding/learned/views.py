"""What does one view of a text say? A line over what it sees, or a small network over its words' meanings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.learned.rows import Rows

NETWORK = "network"
_FLOOR = 1e-3  # below which a view's probability counts as "certainly not"
Floats = NDArray[np.float64]
Narrow = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class View:
    """One linear model: which columns it looks at, its weights (columns, labels), its bias (labels,)."""

    sees: tuple[str, ...]  # names of rows.PARTS, and of rows.WHOLE
    kind: str
    weights: Narrow
    bias: Floats

    def probabilities(self, rows: Rows) -> Floats:
        """Shape (texts, labels), rows sum to 1."""
        return squashed(np.asarray(rows.columns(self.sees) @ self.weights) + self.bias, self.kind)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All numbers of the view, to be written into a file."""
        return {"weights": self.weights, "bias": self.bias}


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer: a label may need two things at once, which no line over meanings tells."""

    sees: tuple[str, ...]
    inner: Narrow  # (columns, hidden)
    threshold: Narrow  # (hidden,)
    outer: Narrow  # (hidden, labels)
    bias: Floats  # (labels,)
    kind: str = NETWORK

    def probabilities(self, rows: Rows) -> Floats:
        """Shape (texts, labels), rows sum to 1."""
        stirred = np.maximum(np.asarray(rows.columns(self.sees) @ self.inner) + self.threshold, 0)
        return softmax(np.asarray(stirred @ self.outer + self.bias, float))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All numbers of the view, to be written into a file."""
        return {"inner": self.inner, "threshold": self.threshold, "outer": self.outer, "bias": self.bias}


def read(sees: Sequence[str], kind: str, arrays: Mapping[str, NDArray[Any]], prefix: str) -> View | Network:
    """A view from what its `arrays` wrote, each under its name behind `prefix`."""
    if kind == NETWORK:
        inner, threshold, outer, bias = (arrays[f"{prefix}_{name}"] for name in ("inner", "threshold", "outer", "bias"))
        return Network(tuple(sees), inner, threshold, outer, bias)
    return View(tuple(sees), kind, arrays[f"{prefix}_weights"], arrays[f"{prefix}_bias"])


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
