"""Does a bank's person who labelled some texts get a model, its score, and its judgement of a file?"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from huixiang.web.cli import main
from tests.domain.test_learned import TEXTS

CODES = {"negative": "0", "positive": "1", "neutral": "2"}


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["评论", "标注"])
        rows.writerows((text, CODES[label]) for text, label in TEXTS)
        rows.writerow(["没有标注的一条", ""])
    return path


def asked(*argv: object) -> int:
    return main([str(each) for each in argv])


def columns(task: str = "sentiment") -> list[str]:
    return ["--task", task, "--text-column", "评论", "--label-column", "标注"]


def test_from_labels_to_a_model_to_its_score_to_a_file(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = labelled.parent / "model", labelled.parent / "out.jsonl"
    assert asked("models", "train", *columns(), "--data", labelled, "--out", folder) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["n"], told["unusable_rows"]) == (90, 1)
    assert told["labels"] == ["negative", "neutral", "positive"]
    assert asked("models", "evaluate", *columns(), "--data", labelled, "--model", folder) == 0
    score = json.loads(capsys.readouterr().out)
    assert score["n"] == 90
    assert score["kappa"] > 0.9
    assert score["kappa_interval"][0] <= score["kappa"] <= score["kappa_interval"][1]
    assert score["documents_per_second"] > 0
    assert asked("understand", labelled, "--text-column", "评论", "--out", out, "--model", folder) == 0
    first = json.loads(out.read_text("utf-8").splitlines()[0])["sentiment"]
    assert first["label"] == "negative"
    assert first["negative"] + first["neutral"] + first["positive"] == pytest.approx(1, abs=1e-3)


def test_the_rules_that_come_with_the_product_are_scored_too(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked("models", "evaluate", *columns(), "--data", labelled, "--model", "shipped") == 0
    assert 0 <= json.loads(capsys.readouterr().out)["macro_f1"] <= 1
    for task, rows in (
        ("kind", "请尽快退还我的手续费,demand\n路过，凑字数,noise\n"),
        ("topics", "排队两个小时没人管,D.responsiveness.waiting\n手续费太高了,D.beyond.price\n今天天气好,-\n"),
    ):
        labelled.write_text(f"评论,标注\n{rows}", "utf-8")
        assert asked("models", "evaluate", *columns(task), "--data", labelled, "--model", "shipped") == 0
        assert json.loads(capsys.readouterr().out)["macro_f1"] == 1


def test_topics_of_any_name_are_learned_and_too_rare_ones_named(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with labelled.open("a", encoding="utf-8") as file:
        file.write("只此一条,独一\n")
    folder = labelled.parent / "topics"
    assert asked("models", "train", *columns("topics"), "--data", labelled, "--out", folder) == 0
    found = capsys.readouterr()
    assert json.loads(found.out)["labels_left_out"] == ["独一"]
    assert "独一" in found.err
    out = labelled.parent / "out.jsonl"
    assert asked("understand", labelled, "--text-column", "评论", "--out", out, "--model", folder) == 0
    topic = json.loads(out.read_text("utf-8").splitlines()[0])["topics"][0]
    assert (topic["code"], 0 < topic["probability"] <= 1, topic["why"][0] in TEXTS[0][0]) == ("0", True, True)
    capsys.readouterr()
    both = ("--model", folder, "--model", folder)
    assert asked("understand", labelled, "--text-column", "评论", "--out", "-", *both) == 2
    assert "只能给一个" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["train", "--task", "sentiment", "--label-column", "没有", "--out", "m"], "找不到列“没有”"),
        (["train", "--task", "sentiment", "--label-column", "评论", "--out", "m"], "没有可用的标注行"),
        (["evaluate", "--task", "topics", "--label-column", "标注", "--model", "shipped"], "不是自带分类树的编码"),
        (["evaluate", "--task", "topics", "--label-column", "标注", "--model", "nowhere"], "里没有模型"),
    ],
)
def test_what_cannot_be_is_told(
    argv: list[str], says: str, labelled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(labelled.parent)
    assert asked("models", *argv, "--data", labelled, "--text-column", "评论") == 2
    assert says in capsys.readouterr().err


def test_several_topics_a_text_are_learned_from_commas(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with labelled.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["评论", "标注"])
        for text, label in TEXTS:
            codes = [*(["闪退"] if "闪退" in text else []), *(["网点"] if "网点" in text else []), label]
            rows.writerow([text, ",".join(codes)])
    folder, out = labelled.parent / "several", labelled.parent / "out.jsonl"
    assert asked("models", "train", *columns("topics"), "--several", "--data", labelled, "--out", folder) == 0
    found = capsys.readouterr()
    assert json.loads(found.out)["labels"] == ["negative", "neutral", "positive", "网点"]
    assert "闪退" in found.err
    assert asked("models", "evaluate", *columns("topics"), "--data", labelled, "--model", folder) == 0
    score = json.loads(capsys.readouterr().out)
    assert score["micro_f1_interval"][0] <= score["micro_f1"] <= score["micro_f1_interval"][1]
    assert score["micro_f1"] > 0.8
    assert asked("understand", labelled, "--text-column", "评论", "--out", out, "--model", folder) == 0
    told = [{each["code"] for each in json.loads(line)["topics"]} for line in out.read_text("utf-8").splitlines()]
    assert {"网点", "negative"} in told
    assert asked("models", "train", *columns(), "--several", "--data", labelled, "--out", folder) == 2
