"""Where do texts lie in an outside model's space? Vectors of length 1; kept, so that a second run costs nothing."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.asked.question import fit_to_leave
from huixiang.plugins.caller import Caller
from huixiang.plugins.endpoint import Refused, Unreachable
from huixiang.plugins.ledger import Ledger, Said
from huixiang.plugins.purse import Empty
from huixiang.plugins.service import Service

PATH = "/embeddings"
AT_ONCE = 32  # texts a request
MOST_TEXTS = 2_000  # looked up at once
LONGEST = 16_384  # numbers of a vector
NOTHING = "〔空〕"  # some servers refuse an empty text
Floats = NDArray[np.float32]


class NoVectors(Exception):
    """Not all vectors can be had; the message is one of chat.REASONS."""


class Vectors:
    """Asks one service. All or nothing: half an index by vectors would order rows by chance."""

    def __init__(
        self, service: Service, ledger: Ledger, today: Callable[[], date], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._service, self._ledger, self._today = service, ledger, today
        self.caller = Caller(service, ledger, today, sleep)

    def __enter__(self) -> Vectors:
        return self

    def __exit__(self, *failure: object) -> None:
        self.caller.close()

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Shape (texts, numbers), rows of length 1. Raises NoVectors."""
        parts = [self._some(texts[begin : begin + MOST_TEXTS]) for begin in range(0, len(texts), MOST_TEXTS)]
        if len({part.shape[1] for part in parts}) > 1:
            raise NoVectors("unusable")  # the model behind this name became another one: `huixiang plugins forget`
        return np.vstack(parts) if parts else np.zeros((0, 1), np.float32)

    def _some(self, texts: Sequence[str]) -> Floats:
        sent = [fit_to_leave(text).strip() or NOTHING for text in texts]
        keys = [_key(self._service.model, text) for text in sent]
        kept = self._ledger.answers(list(dict.fromkeys(keys)))
        wanted = [(key, text) for key, text in dict(zip(keys, sent, strict=True)).items() if not kept.get(key)]
        batches = [wanted[begin : begin + AT_ONCE] for begin in range(0, len(wanted), AT_ONCE)]
        if batches:
            with ThreadPoolExecutor(self._service.concurrency) as threads:
                for batch, rows in zip(batches, threads.map(self._asked, batches), strict=True):
                    kept.update(zip((key for key, _ in batch), rows, strict=True))
        found = [np.frombuffer(kept[key] or b"", np.float32) for key in keys]
        if len({len(each) for each in found}) > 1:
            raise NoVectors("unusable")
        return np.vstack(found)

    def _asked(self, batch: Sequence[tuple[str, str]]) -> list[bytes]:
        """Vectors as bytes, kept as soon as they are there."""
        texts = [text for _, text in batch]
        body = {"model": self._service.model, "input": texts, "encoding_format": "float"}
        try:
            answer = self.caller.post(PATH, body, sum(map(len, texts)))
        except Empty:
            raise NoVectors("budget") from None
        except Refused:
            raise NoVectors("refused") from None
        except Unreachable:
            raise NoVectors("unreachable") from None
        rows = [row.tobytes() for row in _unit(answer, len(batch))]
        said = (Said(key, text, row) for (key, text), row in zip(batch, rows, strict=True))
        self._ledger.keep(self._service.name, self._service.model, self._today(), said)
        return rows


def _unit(answer: dict[str, Any], count: int) -> Floats:
    """The rows of an answer in the order of what was asked, of length 1. Raises NoVectors for anything else."""
    try:
        rows = {each["index"]: each["embedding"] for each in answer["data"]}
        found = np.array([rows[place] for place in range(count)], np.float32)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise NoVectors("unusable") from None
    if len(rows) != count or found.ndim != 2 or not 0 < found.shape[1] <= LONGEST or not np.isfinite(found).all():
        raise NoVectors("unusable")
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    if not lengths.all():
        raise NoVectors("unusable")
    return np.asarray(found / lengths, np.float32)


def _key(model: str, text: str) -> str:
    return hashlib.sha256(json.dumps([model, "vectors-1", text]).encode()).hexdigest()
