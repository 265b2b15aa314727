"""Does whoever edits the tree learn what is wrong with it, and does the bank's own tree take the place of ours?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from huixiang.apps.feedback import in_use
from huixiang.apps.feedback.interpreter import Interpreter
from huixiang.channels.contract import Fault
from huixiang.web.cli import main
from tests.domain.test_taxonomy import SMALL


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(SMALL.replace("until = 2026-01-01\n", ""), "utf-8")
    return path


def test_from_the_products_file_to_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    assert main(["taxonomy", "export", "--out", str(path)]) == 0
    assert main(["taxonomy", "export", "--out", str(path)]) == 2
    assert "已经存在" in capsys.readouterr().err
    assert main(["taxonomy", "check", str(path)]) == 0
    assert "0 处错误" in capsys.readouterr().out


def test_errors_name_file_node_and_remedy_in_both_languages(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own.write_text(own.read_text("utf-8") + 'examples = ["停车难"]\n', "utf-8")
    assert main(["taxonomy", "check", str(own)]) == 1
    told = capsys.readouterr().out
    assert "“own.toml” Q：例句“停车难”没有被识别" in told
    assert "Add words, or change the example" in told


def test_the_banks_own_tree_is_used_by_argument_and_by_environment(
    own: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = own.with_name("texts.csv")
    texts.write_text("text\n手机银行闪退\n又要排队\n", "utf-8")
    assert main(["understand", str(texts), "--out", "-", "--taxonomy", str(own)]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["topics"], first["topics_unknown"]) == ([], "no_cue")
    assert second["topics"] == [{"code": "Q", "probability": 0.9, "why": ["排队"]}]
    monkeypatch.setenv("HUIXIANG_TAXONOMY", str(own))
    assert main(["taxonomy", "show", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["code"] == "Q"
    monkeypatch.setenv("HUIXIANG_RISKS", str(own))
    assert main(["understand", str(texts), "--out", "-"]) == 2
    assert "这里要的是 risks" in capsys.readouterr().err


def test_an_import_refuses_a_broken_book_before_it_reads_a_row(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own.write_text(own.read_text("utf-8").replace('"Q"', '"no.parent"'), "utf-8")
    monkeypatch.setenv("HUIXIANG_TAXONOMY", str(own))
    with pytest.raises(Fault, match="上级节点“no”不存在"), Interpreter():
        pass


def test_the_banks_own_opinion_words_hold_for_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = tmp_path / "words.txt"
    words.write_text("[产品]\n乐享卡\n[褒]\n绝绝子\n", "utf-8")
    monkeypatch.setenv("HUIXIANG_OPINION_WORDS", str(words))
    (found,) = in_use.understander(tmp_path).understander.read(["乐享卡绝绝子"])[0].opinions
    assert (found.product, found.opinion, found.polarity) == ("乐享卡", "绝绝子", "positive")
    words.write_text("[卡片]\n乐享卡\n", "utf-8")
    with pytest.raises(Fault, match="卡片"), Interpreter():
        pass
