"""The bank brings a classifier of its own along: an ONNX file with its labels beside it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from huixiang.channels.contract import Fault
from huixiang.domain.understanding.learned import judging
from huixiang.domain.understanding.learned.onnx import Onnx, task_of
from huixiang.domain.understanding.learned.wordpieces import WordPieces
from huixiang.web.cli import main
from huixiang.web.model_files import load

LABELS = ["negative", "neutral", "positive"]
WORDS = {"太久": 0, "差": 0, "还行": 1, "耐心": 2, "很好": 2}


def of_texts(*, probabilities: bool = True) -> bytes:
    """A model of texts as skl2onnx writes it: pairs of characters are counted, a table weighs them."""
    pairs = sorted({word for word in WORDS if len(word) == 2})
    weights = np.zeros((len(pairs), 3), np.float32)
    for row, word in enumerate(pairs):
        weights[row, WORDS[word]] = 4
    nodes = [
        helper.make_node("Tokenizer", ["text"], ["signs"], domain="com.microsoft", mark=0, pad_value="#",
                         tokenexp=".", mincharnum=1),
        helper.make_node("TfIdfVectorizer", ["signs"], ["counts"], mode="TF", min_gram_length=2, max_gram_length=2,
                         max_skip_count=0, ngram_counts=[0, 0], ngram_indexes=list(range(len(pairs))),
                         pool_strings=[sign for pair in pairs for sign in pair]),
        helper.make_node("Gemm", ["counts", "weights", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["shares"], axis=1),
    ]  # fmt: skip
    told = "shares" if probabilities else "logits"
    bias = np.array([0, 1, 0], np.float32)
    graph = helper.make_graph(
        nodes,
        "feelings",
        [helper.make_tensor_value_info("text", TensorProto.STRING, [None])],
        [helper.make_tensor_value_info(told, TensorProto.FLOAT, [None, 3])],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(bias, "bias")],
    )
    return written(graph)


VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "差", "好", "app", "##s", "很"]


def of_pieces() -> bytes:
    """A model of numbers, as a BERT takes them: a table gives each piece its logits, which are summed."""
    table = np.zeros((len(VOCABULARY), 3), np.float32)
    table[VOCABULARY.index("差")] = [3, 0, -1]
    table[VOCABULARY.index("好")] = [-1, 0, 3]
    table[VOCABULARY.index("##s")] = [0, 3, 0]
    table[0] = [9, 9, -9]  # the padding: counts only where the mask is not heeded
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["kept"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["kept", "last"], ["column"]),
        helper.make_node("Mul", ["rows", "column"], ["shown"]),
        helper.make_node("ReduceSum", ["shown", "second"], ["logits"], keepdims=0),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "pieces"])
        for name in ("input_ids", "attention_mask")
    ]
    constants = {"table": table, "last": np.array([2]), "second": np.array([1])}
    graph = helper.make_graph(
        nodes,
        "pieces",
        inputs,
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", 3])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return written(graph)


def written(graph: onnx.GraphProto) -> bytes:
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
    return model


def laid(folder: Path, data: bytes, labels: list[str], **more: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(data)
    (folder / "labels.txt").write_text("\n".join(labels), "utf-8")
    for name, text in more.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("probabilities", [True, False])
def test_a_model_of_texts_tells_labels_and_shares_that_sum_to_one(*, probabilities: bool) -> None:
    model = Onnx(of_texts(probabilities=probabilities), LABELS)
    found = model.probabilities(["等了太久", "柜员很好", "今天", ""])
    assert np.allclose(found.sum(1), 1)
    assert model.told(found) == ["negative", "positive", "neutral", "neutral"]
    assert found[0, 0] == pytest.approx(np.exp(4) / (np.exp(4) + np.exp(1) + 1), abs=1e-4)
    assert (model.task, model.whys(["等了太久"], [[]], ["negative"])) == ("sentiment", [()])


def test_a_model_of_pieces_heeds_the_mask_whatever_stands_beside_it() -> None:
    model = Onnx(of_pieces(), LABELS, "\n".join(VOCABULARY))
    texts = ["差", "很好", "apps", "差" * 1_000, "很" * 300]
    assert model.told(model.probabilities(texts))[:4] == ["negative", "positive", "neutral", "negative"]
    alone = np.vstack([model.probabilities([text]) for text in texts])
    assert np.allclose(model.probabilities(texts), alone, atol=1e-6)
    with pytest.raises(ValueError, match=r"vocab\.txt"):
        Onnx(of_pieces(), LABELS)


def test_words_are_cut_as_bert_cuts_them() -> None:
    pieces = WordPieces(VOCABULARY)
    assert pieces.numbers("Apps很好，app", 20) == [2, 6, 7, 8, 5, 1, 6, 3]
    assert pieces.numbers("好好好好好好", 4) == [2, 5, 5, 3]
    assert pieces.numbers("x" * 1_000, 9) == [2, 1, 3]
    with pytest.raises(ValueError, match=r"\[CLS\]"):
        WordPieces(["[PAD]"])


def test_one_file_holds_it_and_is_known_by_what_it_is() -> None:
    model = Onnx(of_pieces(), LABELS, "\n".join(VOCABULARY), "roberta.onnx")
    again = judging.loads(model.dumps())
    assert isinstance(again, Onnx)
    assert again.dumps() == model.dumps()
    assert again.told(again.probabilities(["差"], [[]])) == ["negative"]
    assert again.file["sha256"] == hashlib.sha256(of_pieces()).hexdigest()
    assert again.file["name"] == "roberta.onnx"
    for wrong in (b"", b"PK", model.dumps()[:-500]):
        with pytest.raises(ValueError, match="回响"):
            judging.loads(wrong)


def test_what_cannot_be_used_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="not an ONNX model"):
        Onnx(b"nonsense", LABELS)
    with pytest.raises(ValueError, match="2 numbers a text"):
        Onnx(of_texts(), ["negative", "positive"])
    with pytest.raises(ValueError, match="two labels"):
        task_of(["praise", "praise"])
    assert task_of(["praise", "noise"]) == "kind"
    assert task_of(["挂失", "转账"]) == "topics"


def test_the_commands_take_it_by_its_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = laid(tmp_path / "model", of_texts(), ["负面", "中性", "正面"])
    data = tmp_path / "data.csv"
    data.write_text("text,label\n等了太久,负面\n柜员很好,正面\n柜员耐心,正面\n还行吧,中性\n", "utf-8")
    asked = ["models", "evaluate", "--task", "sentiment", "--data", str(data), "--model", str(folder)]
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == 1
    out = tmp_path / "out.jsonl"
    assert main(["understand", str(data), "--out", str(out), "--model", str(folder / "model.onnx")]) == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["sentiment"]["label"] for row in rows] == ["negative", "positive", "positive", "neutral"]
    (folder / "labels.txt").unlink()
    with pytest.raises(Fault, match=r"labels\.txt"):
        load(folder)
    (folder / "config.json").write_text('{"id2label": {"0": "挂失", "1": "转账", "2": "限额"}}', "utf-8")
    assert (load(folder).task, load(folder).labels) == ("topics", ("挂失", "转账", "限额"))
