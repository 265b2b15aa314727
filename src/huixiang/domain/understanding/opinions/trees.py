"""How likely is yes for a row? Gradient-boosted trees as plain arrays, asked without the library that grew them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 128  # rows; as many as the processor's memory of its own holds


@dataclass(frozen=True, slots=True)
class Trees:
    """All trees' nodes in one run. A leaf is its own left and right child, so that walking on stays there."""

    roots: NDArray[np.int64]
    column: NDArray[np.int64]
    limit: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]
    start: NDArray[np.float64]  # (1,): the margin before the first tree
    depth: NDArray[np.int64]  # (1,): the longest way from a root to a leaf

    def likely(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of yes for each row, rows of COLUMNS. All trees are walked at once, some rows at a time."""
        children = np.column_stack([self.left, self.right]).ravel()
        margins = [self._margins(rows[at : at + _AT_ONCE], children) for at in range(0, len(rows), _AT_ONCE)]
        margin = np.concatenate(margins) if margins else np.zeros(0)
        return np.asarray(1 / (1 + np.exp(-(self.start[0] + margin))), float)

    def _margins(self, rows: NDArray[np.float64], children: NDArray[np.int64]) -> NDArray[np.float64]:
        values, first = rows.ravel(), np.arange(len(rows))[:, None] * rows.shape[1]
        node = np.repeat(self.roots[None], len(rows), 0)
        for _ in range(int(self.depth[0])):
            over = values.take(first + self.column.take(node)) > self.limit.take(node)
            node = children.take(2 * node + over)
        return np.asarray(self.value.take(node).sum(1))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """By name, for a file; `read` takes them back."""
        return {f"trees_{field.name}": getattr(self, field.name) for field in fields(self)}

    @staticmethod
    def read(file: Mapping[str, NDArray[Any]]) -> Trees:
        """Raises KeyError or ValueError where the arrays are no trees: a node that leads nowhere, most of all."""
        found = Trees(*(file[f"trees_{field.name}"] for field in fields(Trees)))
        nodes = len(found.value)
        for children in (found.roots, found.left, found.right):
            if len(children) and not (children.min() >= 0 and children.max() < nodes):
                raise ValueError("a tree leads to a node that is not there")
        return found
