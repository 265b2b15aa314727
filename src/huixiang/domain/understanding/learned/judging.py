"""What does every model of labels offer, whatever stands behind it, and which one lies in a file?"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Sequence
from typing import Any, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray


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

    def why(self, normal: str, pieces: Sequence[str], label: str, most: int = 3) -> tuple[str, ...]:
        """The words that spoke most for a label; none where the model cannot tell."""
        ...

    def dumps(self) -> bytes:
        """As one file; `loads` reads it again."""
        ...


def loads(data: bytes) -> Judge:
    """The model that `dumps` wrote. Raises ValueError where it is something else, or cannot be used here."""
    from huixiang.domain.understanding.learned.classifier import Classifier
    from huixiang.domain.understanding.learned.onnx import FORM, Onnx

    return Onnx.loads(data) if about(data).get("form") == FORM else Classifier.loads(data)


def about(data: bytes) -> dict[str, Any]:
    """What a model's file says of itself; nothing where it is no such file."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            found = json.loads(file["about"].tobytes())
    except (EOFError, KeyError, OSError, TypeError, ValueError, BadZipFile, zlib.error):
        return {}
    return found if isinstance(found, dict) else {}
