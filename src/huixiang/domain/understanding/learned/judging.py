"""What does every model of labels offer, whatever stands behind it, and which one lies in a file?"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from huixiang.domain.understanding.learned.several import Several
    from huixiang.domain.understanding.opinions.reader import Learned


class Judge(Protocol):
    """A model that tells one of its labels: `classifier.Classifier`, learned here, or `onnx.Onnx`, brought along."""

    @property
    def task(self) -> str: ...
    @property
    def aim(self) -> str: ...
    @property
    def labels(self) -> tuple[str, ...]: ...

    def probabilities(self, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """How likely is each label? Shape (texts, labels)."""
        ...

    def told(self, probabilities: NDArray[np.float64]) -> list[str]:
        """The label to tell for each text."""
        ...

    def whys(
        self, normals: Sequence[str], tokens: Sequence[Sequence[str]], labels: Sequence[str], most: int = 3
    ) -> list[tuple[str, ...]]:
        """The words of each text that spoke most for its label; none where the model cannot tell."""
        ...

    def dumps(self) -> bytes:
        """As one file; `loads` reads it again."""
        ...


Model: TypeAlias = "Judge | Several"  # one label a text, or any number


def loads_any(data: bytes) -> Model | Learned:
    """The model that `dumps` wrote, of labels or of opinions. Raises ValueError as `loads` does."""
    from huixiang.domain.understanding.opinions.reader import Learned

    return Learned.loads(data) if about(data).get("task") == Learned.task else loads(data)


def loads(data: bytes) -> Model:
    """The model of labels that `dumps` wrote. Raises ValueError where it is something else, or cannot be used here."""
    from huixiang.domain.understanding.learned import classifier, onnx, several

    told = about(data)
    if told.get("form") == onnx.FORM:
        return onnx.Onnx.loads(data)
    return several.Several.loads(data) if told.get("sort") == several.SORT else classifier.Classifier.loads(data)


def about(data: bytes) -> dict[str, Any]:
    """What a model's file says of itself; nothing where it is no such file."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            found = json.loads(file["about"].tobytes())
    except (EOFError, KeyError, OSError, TypeError, ValueError, BadZipFile, zlib.error):
        return {}
    return found if isinstance(found, dict) else {}
