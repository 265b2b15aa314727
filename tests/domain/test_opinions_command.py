"""Does a bank's person who marked some texts get a reader of opinions, its score, and its reading of a file?"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from huixiang.domain.understanding.opinions.tags import marked
from huixiang.web.cli import main
from tests.domain.test_opinions import texts

COLUMNS = ("--task", "opinions", "--text-column", "评论", "--label-column", "标注")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "marked.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["评论", "标注"])
        rows.writerow(["工行好", "O O"])
        rows.writerows((text, " ".join(marked(spans, len(text)))) for text, spans in texts())
    return path


def asked(*argv: object) -> int:
    return main([str(each) for each in argv])


def test_from_marks_to_a_reader_to_its_score_to_a_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = file.parent / "model", file.parent / "out.jsonl"
    assert asked("models", "train", *COLUMNS, "--data", file, "--out", folder) == 0
    found = capsys.readouterr()
    assert (json.loads(found.out)["n"], json.loads(found.out)["unusable_rows"]) == (36, 1)
    assert "第 2 行：3 个字，2 个标签" in found.err
    assert asked("models", "evaluate", *COLUMNS, "--data", file, "--model", folder) == 0
    score = json.loads(capsys.readouterr().out)
    assert score["n"] == 36
    assert score["strict_f1_interval"][0] <= score["strict_f1"] <= score["strict_f1_interval"][1]
    assert set(score["by_kind"]) == {"BANK", "PRODUCT", "COMMENTS_N", "COMMENTS_ADJ"}
    assert score["documents_per_second"] > 0
    assert asked("understand", file, "--text-column", "评论", "--out", out, "--model", folder) == 0
    said = [json.loads(line)["opinions"] for line in out.read_text("utf-8").splitlines()]
    assert said[1][0] == {
        "bank": "甲行",
        "product": "",
        "aspect": "额度",
        "opinion": "高",
        "polarity": "positive",
        "spans": {"bank": [0, 2], "aspect": [3, 5], "opinion": [5, 6]},
    }


def test_the_rules_are_scored_and_a_bank_s_own_words_are_read(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("models", "evaluate", *COLUMNS, "--data", file, "--model", "shipped") == 0
    assert 0 < json.loads(capsys.readouterr().out)["strict_f1"] < 1
    words = file.parent / "words.txt"
    words.write_text("[银行]\n甲行\n", "utf-8")
    argv = ("understand", file, "--text-column", "评论", "--out", "-", "--opinion-words", words)
    assert asked(*argv) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[1])["opinions"][0]["bank"] == "甲行"
    words.write_text("[不存在]\n甲行\n", "utf-8")
    assert asked(*argv) == 2
    assert "[不存在]" in capsys.readouterr().err


def test_what_cannot_be_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swapped = ("--task", "opinions", "--text-column", "标注", "--label-column", "评论")
    assert asked("models", "train", *swapped, "--data", file, "--out", file.parent / "m") == 2
    assert "没有可用的标注行" in capsys.readouterr().err
    assert asked("models", "evaluate", *COLUMNS, "--data", file, "--model", file.parent) == 2
    assert "opinions.npz" in capsys.readouterr().err
