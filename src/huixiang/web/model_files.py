"""Where does a trained model lie? One file in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from huixiang.channels.contract import Fault
from huixiang.domain.understanding.learned.classifier import Classifier
from huixiang.domain.understanding.learned.pairs import Pairs

FILE = "model.npz"

Model = TypeVar("Model")


def save(model: Classifier | Pairs, folder: Path) -> None:
    """Write the model into a folder; one that lies there is replaced at once or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.part"
    part.write_bytes(model.dumps())
    part.replace(folder / FILE)


def load(folder: str | Path) -> Classifier:
    """The model in a folder. Raises Fault where there is none, or none that this version reads."""
    return _read(folder, Classifier.loads)


def load_pairs(folder: str | Path) -> Pairs:
    """The model of pairs in a folder. Raises Fault as `load` does."""
    return _read(folder, Pairs.loads)


def _read(folder: str | Path, loads: Callable[[bytes], Model]) -> Model:
    path = Path(folder) / FILE
    if not path.exists():
        raise Fault("“%(folder)s”里没有模型（%(name)s）。先用 huixiang models train 训练。", folder=folder, name=FILE)
    try:
        return loads(path.read_bytes())
    except ValueError as error:
        raise Fault("“%(path)s”无法作为模型读取：%(error)s", path=path, error=error) from error
