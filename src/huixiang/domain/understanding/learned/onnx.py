"""Can the bank bring a classifier of its own along? Any ONNX model that takes texts, or BERT's numbers of pieces.

It is run by onnxruntime, an extra of the product (`huixiang[onnx]`), on the CPU.
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Sequence
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.contract import KINDS, LABELS
from huixiang.domain.understanding.learned.wordpieces import WordPieces

FORM = "onnx-1"  # of the file
AIM = "as_trained"  # how its labels are told is the model's own affair
AT_ONCE, MOST_PIECES = 32, 256  # texts and their pieces in one run: bounds memory
THREADS = 2
REASON = 300  # characters of an error that are told
_IDS, _MASK, _SEGMENTS = "input_ids", "attention_mask", "token_type_ids"
_PROBE = ("排队太久", "the app is fine")
Floats = NDArray[np.float64]


class Onnx:
    """A `judging.Judge` out of an ONNX file. `labels` in the order of its outputs.

    Raises ValueError where onnxruntime is missing, or the model takes or gives something else than described in
    docs/methods/plug-ins.md.
    """

    def __init__(self, onnx: bytes, labels: Sequence[str], vocabulary: str = "", name: str = "model.onnx") -> None:
        self._onnx, self._vocabulary = onnx, vocabulary
        self.labels, self.aim, self.name = tuple(labels), AIM, name
        self.task = task_of(self.labels)
        self.sha256 = hashlib.sha256(onnx).hexdigest()
        self._session = _session(onnx)
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._pieces = self._pieces_of(vocabulary)
        self._is_flat = len(self._session.get_inputs()[0].shape or ()) < 2
        self._output = self._found()
        probe = self._raw(_PROBE)
        self._is_share = bool((probe >= 0).all() and np.allclose(probe.sum(1), 1, atol=1e-3))

    def probabilities(self, normals: Sequence[str], tokens: Sequence[Sequence[str]] = ()) -> Floats:
        """How likely is each label? Shape (texts, labels); by softmax where the model gives logits."""
        parts = [self._raw(normals[begin : begin + AT_ONCE]) for begin in range(0, len(normals), AT_ONCE)]
        found = np.vstack(parts) if parts else np.zeros((0, len(self.labels)))
        if self._is_share:
            return found
        powers = np.exp(found - found.max(1, keepdims=True)) if len(found) else found
        return np.asarray(powers / powers.sum(1, keepdims=True), float)

    def told(self, probabilities: Floats) -> list[str]:
        """The likeliest label of each text."""
        return [self.labels[place] for place in probabilities.argmax(1)]

    def whys(
        self, normals: Sequence[str], tokens: Sequence[Sequence[str]], labels: Sequence[str], most: int = 3
    ) -> list[tuple[str, ...]]:
        """Nothing: such a model does not say which words decided."""
        return [()] * len(normals)

    @property
    def file(self) -> dict[str, Any]:
        """What a model card says of the file that was brought along."""
        size = len(self._onnx)
        return {"name": self.name, "sha256": self.sha256, "bytes": size, "inputs": self._inputs}

    def dumps(self) -> bytes:
        """The ONNX file with its labels and vocabulary, as one file known by one hash."""
        about = {"form": FORM, "labels": self.labels, "name": self.name}
        parts = {
            "about": json.dumps(about, ensure_ascii=False).encode(),
            "onnx": self._onnx,
            "vocabulary": self._vocabulary.encode(),
        }
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, **{name: np.frombuffer(part, np.uint8) for name, part in parts.items()})
        return file.getvalue()

    @staticmethod
    def loads(data: bytes) -> Onnx:
        """Read what `dumps` wrote. Raises ValueError where it is something else."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                about = json.loads(file["about"].tobytes())
                parts = file["onnx"].tobytes(), about["labels"], file["vocabulary"].tobytes().decode(), about["name"]
        except (EOFError, KeyError, OSError, TypeError, ValueError, BadZipFile, zlib.error) as error:
            raise ValueError(f"not a model of 回响: {error}") from error
        return Onnx(*parts)

    def _pieces_of(self, vocabulary: str) -> WordPieces | None:
        kinds = {each.name: each.type for each in self._session.get_inputs()}
        if list(kinds.values()) == ["tensor(string)"]:
            return None
        if not {_IDS, _MASK} <= set(kinds) <= {_IDS, _MASK, _SEGMENTS} or set(kinds.values()) != {"tensor(int64)"}:
            raise ValueError(f"inputs {kinds}: one of texts (string), or {_IDS} and {_MASK} (int64) are needed")
        if not vocabulary:
            raise ValueError(f"it takes {_IDS}: its vocab.txt is needed beside it")
        return WordPieces(vocabulary.splitlines())

    def _found(self) -> str:
        """Which output tells the labels: of numbers, and as many a text as there are labels."""
        names = [str(each.name) for each in self._session.get_outputs() if each.type == "tensor(float)"]
        given = dict(zip(names, self._run(_PROBE, names), strict=True))
        fits = [name for name, value in given.items() if value.shape == (len(_PROBE), len(self.labels))]
        if len(fits) != 1:
            shapes = {name: value.shape for name, value in given.items()}
            raise ValueError(f"outputs {shapes}: one of {len(self.labels)} numbers a text is needed (zipmap=False)")
        return fits[0]

    def _raw(self, normals: Sequence[str]) -> Floats:
        found = np.asarray(self._run(normals, [self._output])[0], float)
        if not np.isfinite(found).all():
            raise ValueError("the model gave numbers that are none")
        return found

    def _run(self, normals: Sequence[str], outputs: list[str]) -> list[NDArray[Any]]:
        try:
            found: list[NDArray[Any]] = self._session.run(outputs, self._given(normals))
        except Exception as error:  # of onnxruntime's own sort; its message may quote the text
            raise ValueError(f"onnxruntime: {type(error).__name__}") from None
        return found

    def _given(self, normals: Sequence[str]) -> dict[str, NDArray[Any]]:
        if self._pieces is None:
            texts = np.array(list(normals), object)
            return {self._inputs[0]: texts if self._is_flat else texts[:, None]}
        rows = [self._pieces.numbers(normal, MOST_PIECES) for normal in normals]
        shape = (len(rows), max(map(len, rows)))
        ids, mask = np.full(shape, self._pieces.pad, np.int64), np.zeros(shape, np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(row)], mask[place, : len(row)] = row, 1
        every = {_IDS: ids, _MASK: mask, _SEGMENTS: np.zeros(shape, np.int64)}
        return {name: every[name] for name in self._inputs}


def task_of(labels: Sequence[str]) -> str:
    """What does a model tell, by its labels alone? Raises ValueError for less than two, or twice the same."""
    if len(set(labels)) != len(labels) or len(labels) < 2:
        raise ValueError("at least two labels, all different, are needed")
    if set(labels) <= set(LABELS):
        return "sentiment"
    return "kind" if set(labels) <= set(KINDS) else "topics"


def _session(onnx: bytes) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise ValueError("onnxruntime is not installed: pip install huixiang[onnx]") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 4  # its warnings go to stderr, past our logging
    try:
        return onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        reason = str(error).strip().partition("\n")[0][:REASON]  # of a file, not of a text: it may be told
        raise ValueError(f"not an ONNX model that onnxruntime can run: {reason}") from None
