"""Where does a classifier lie that the bank brings along? model.onnx, its labels beside it, and a vocabulary."""

from __future__ import annotations

import json
from pathlib import Path

from huixiang.channels.contract import Fault
from huixiang.domain.understanding.learned.onnx import Onnx
from huixiang.domain.understanding.learned.sentiments import label_of

FILE, LABELS, CONFIG, VOCABULARY = "model.onnx", "labels.txt", "config.json", "vocab.txt"


def found(path: Path) -> Path | None:
    """The ONNX file that is meant: itself, or the one in a folder."""
    if path.suffix == ".onnx":
        return path
    return path / FILE if (path / FILE).exists() else None


def load(path: Path) -> Onnx:
    """The classifier of an ONNX file. Raises Fault where a part is missing, or it cannot be used."""
    try:
        vocabulary = path.with_name(VOCABULARY)
        words = vocabulary.read_text("utf-8") if vocabulary.exists() else ""
        return Onnx(path.read_bytes(), _labels(path), words, path.name)
    except FileNotFoundError as error:
        raise Fault("没有“%(name)s”这个文件或目录", name=error.filename) from None
    except ValueError as error:
        raise Fault("“%(path)s”无法作为模型读取：%(error)s", path=path, error=error) from error


def _labels(path: Path) -> list[str]:
    """In the order of the outputs: labels.txt, one a line, else `id2label` of config.json as transformers writes it."""
    listed = path.with_name(LABELS)
    if listed.exists():
        names = [line.strip() for line in listed.read_text("utf-8-sig").splitlines() if line.strip()]
    else:
        names = _of_config(path.with_name(CONFIG))
    feelings = [label_of(name) if not name.lstrip("-").isdigit() else None for name in names]
    return [each for each in feelings if each] if all(feelings) else names


def _of_config(path: Path) -> list[str]:
    if not path.exists():
        raise Fault("缺少“%(name)s”：请每行写一个标签，按模型输出的顺序", name=path.with_name(LABELS))
    found = json.loads(path.read_text("utf-8")).get("id2label")
    if not isinstance(found, dict) or sorted(map(str, found)) != sorted(map(str, range(len(found)))):
        raise ValueError("id2label")
    return [str(found[str(place)]) for place in range(len(found))]
