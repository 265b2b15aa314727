"""Where does a trained model lie? A folder may hold one that tells labels and one that reads spans."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from huixiang.channels.contract import Fault
from huixiang.domain.understanding.learned import judging
from huixiang.domain.understanding.learned.classifier import Classifier
from huixiang.domain.understanding.learned.judging import Judge, Model
from huixiang.domain.understanding.learned.pairs import Pairs
from huixiang.domain.understanding.learned.several import Several
from huixiang.domain.understanding.opinions.reader import Learned
from huixiang.web import onnx_files

FILE = "model.npz"  # of labels (sentiment, topics) or of pairs
SPANS = "opinions.npz"
Kept = TypeVar("Kept")


def save(model: Classifier | Several | Pairs | Learned, folder: Path) -> None:
    """Write the model into a folder; one of its sort that lies there is replaced at once or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    name = SPANS if isinstance(model, Learned) else FILE
    part = folder / f"{name}.part"
    part.write_bytes(model.dumps())
    part.replace(folder / name)


def load(place: str | Path) -> Judge:
    """The model of one label a text in a folder, or an ONNX file. Raises Fault where there is none that can be used."""
    model = load_any(place)
    if isinstance(model, Several):
        raise Fault("“%(folder)s”里的模型一条文本给几个标签，这里只能用给一个标签的。", folder=str(place))
    return model


def load_any(place: str | Path) -> Model:
    """The model of labels, one or several a text. Raises Fault as `load` does."""
    brought = onnx_files.found(Path(place))
    if brought and not (Path(place) / FILE).exists():
        return onnx_files.load(brought)
    return _read(Path(place), FILE, judging.loads)


def load_pairs(folder: str | Path) -> Pairs:
    """The model of pairs in a folder. Raises Fault as `load` does."""
    return _read(Path(folder), FILE, Pairs.loads)


def load_spans(folder: str | Path) -> Learned:
    """The model of opinions in a folder. Raises Fault as `load` does."""
    return _read(Path(folder), SPANS, Learned.loads)


def only_spans(folder: Path) -> bool:
    """Is the only model in a folder one of opinions?"""
    return (folder / SPANS).exists() and not (folder / FILE).exists()


def _read(folder: Path, name: str, loads: Callable[[bytes], Kept]) -> Kept:
    path = folder / name
    if not path.exists():
        raise Fault("“%(folder)s”里没有模型（%(name)s）。先用 huixiang models train 训练。", folder=folder, name=name)
    try:
        return loads(path.read_bytes())
    except ValueError as error:
        raise Fault("“%(path)s”无法作为模型读取：%(error)s", path=path, error=error) from error
