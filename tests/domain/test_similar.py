"""Which answer belongs to a question, and which earlier case is like this one?"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from huixiang.domain.understanding.learned import pairs, scores
from huixiang.domain.understanding.similar import Similar, Way
from huixiang.domain.understanding.synonyms import plain, plain_starts
from huixiang.web.cli import main

TITLES = ["如何开通手机银行", "信用卡年费怎么收", "取款机吞卡怎么办", "忘记密码如何重置", "转账限额是多少"]


def write(path: Path, columns: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([columns, *rows])
    return path


def test_the_same_question_in_other_words_finds_its_answer() -> None:
    asked = ["手机银行咋激活", "贷记卡的年费", "ATM把我卡吞了", "不记得密码", "最多能转账多少"]
    found = [matches[0].row for matches in Similar(TITLES).nearest(list(map(str.lower, asked)), 1)]
    assert found == [0, 1, 2, 3, 4]
    assert plain("咋激活") == plain("如何开通") == "怎么开通"


def test_the_plain_wording_remembers_where_it_came_from() -> None:
    said = "手机银行咋激活呀"
    starts = plain_starts(said)
    assert [said[start] for start in starts[:-1]] == list("手机银行咋咋激活呀")
    assert len(starts) == len(plain(said)) + 1
    assert starts[-1] == len(said)


def test_the_same_text_scores_one_a_strange_one_finds_nothing_and_an_empty_index_neither() -> None:
    index = Similar(TITLES)
    same, strange = index.nearest([TITLES[2], "ζξψ"], 3)
    assert same[0].row == 2
    assert same[0].score == pytest.approx(1, abs=0.02)
    assert [match.score for match in same] == sorted((match.score for match in same), reverse=True)
    assert strange == []
    assert list(Similar([]).nearest(["取款"])) == [[]]


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(Similar(TITLES).nearest(TITLES, 2))
    monkeypatch.setattr("huixiang.domain.understanding.similar.CELLS", 7)
    assert list(Similar(TITLES).nearest(TITLES, 2)) == whole


def test_vectors_have_a_say_where_words_share_nothing() -> None:
    def vectors(texts: list[str]) -> np.ndarray:
        return np.array([[1.0, 0.0] if "卡" in text or "吞" in text else [0.0, 1.0] for text in texts], np.float32)

    found = next(iter(Similar(["转账限额", "信用卡年费"], vectors=vectors).nearest(["吞了"], 1)))
    assert found[0].row == 1


def test_a_row_is_found_by_earlier_questions_too_and_by_several_sooner_than_by_one() -> None:
    ways = [Way(3, "登录时总说口令不对"), Way(3, "口令不对登不上"), Way(4, "口令不对转不出去")]
    found = list(Similar(TITLES, ways=ways).nearest(["口令不对", TITLES[1], ""], 2))
    assert [matches[0].row for matches in found[:2]] == [3, 1]
    assert found[1][0].score == pytest.approx(1, abs=0.02)
    assert found[2] == []


def test_the_command_shows_masked_text_only(tmp_path: Path) -> None:
    index = write(tmp_path / "index.csv", ["faq", "answer"], [[title, "请拨打13800138000"] for title in TITLES])
    query = write(tmp_path / "query.csv", ["question"], [["手机银行怎么开通，我叫王丽华"], [""]])
    out = tmp_path / "out.jsonl"
    told = ["--index", str(index), "--text-column", "faq,answer", "--query", str(query), "--query-column", "question"]
    assert main(["similar", *told, "--k", "2", "--out", str(out)]) == 0
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [line["row"] for line in lines] == [1, 2]
    assert lines[0]["matches"][0]["row"] == 1
    assert lines[0]["matches"][0]["text"] == "如何开通手机银行\n请拨打〔手机〕"
    assert len(lines[0]["matches"]) == 2
    assert lines[1]["matches"] == []


def test_earlier_questions_stand_under_their_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = write(tmp_path / "index.csv", ["id", "faq"], [[f"F{n}", title] for n, title in enumerate(TITLES)])
    known = write(tmp_path / "known.csv", ["id", "said"], [["F2", "机器把我的卡吃掉了"], ["F9", "没有这个答案"]])
    query = write(tmp_path / "query.csv", ["said"], [["卡被机器吃掉"]])
    told = ["similar", "--index", str(index), "--text-column", "faq", "--query", str(query), "--query-column", "said"]
    told += ["--known", str(known), "--out", "-", "--k", "1"]
    assert main([*told, "--known-by", "id"]) == 0
    found = capsys.readouterr()
    assert json.loads(found.out)["matches"][0]["row"] == 3
    assert found.err.startswith("1 条")
    assert main(told) == 2
    assert "--known-by" in capsys.readouterr().err


def test_a_missing_column_and_a_missing_model_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = write(tmp_path / "index.csv", ["text"], [["年费"]])
    told = ["similar", "--index", str(index), "--query", str(index), "--out", str(tmp_path / "out.jsonl")]
    assert main([*told, "--query-column", "question"]) == 2
    assert main([*told, "--model", str(tmp_path)]) == 2
    assert "question" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


def made_up() -> tuple[list[list[str]], list[list[str]]]:
    things = ["手机银行", "信用卡", "存折", "网银", "快捷支付", "余额提醒", "短信通知", "工资卡"]
    same = [[f"怎么开通{one}", f"{one}如何激活", "1"] for one in things]
    other = [[f"怎么开通{one}", f"怎么关闭{one}", "0"] for one in things]
    return same * 3 + other * 3, [["怎么开通理财", "理财如何激活", "1"], ["怎么开通理财", "怎么关闭理财", "0"]]


def test_a_model_of_pairs_is_trained_scored_and_orders_matches(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learned, asked = made_up()
    data = write(tmp_path / "pairs.csv", ["s1", "s2", "label"], [*learned, ["只有一句", "", "1"]])
    new = write(tmp_path / "new.csv", ["s1", "s2", "label"], asked)
    folder, columns = str(tmp_path / "model"), ["--text-column", "s1,s2"]
    assert main(["models", "train", "--task", "pairs", "--data", str(data), *columns, "--out", folder]) == 0
    assert json.loads(capsys.readouterr().out)["unusable_rows"] == 1
    assert main(["models", "evaluate", "--task", "pairs", "--data", str(new), *columns, "--model", folder]) == 0
    assert json.loads(capsys.readouterr().out)["auc"] == 1.0
    index = write(tmp_path / "index.csv", ["text"], [["怎么关闭理财"], ["理财激活"]])
    query = write(tmp_path / "query.csv", ["text"], [["怎么开通理财"]])
    told = ["similar", "--index", str(index), "--query", str(query), "--out", "-", "--model", folder, "--no-text"]
    assert main(told) == 0
    assert json.loads(capsys.readouterr().out)["matches"][0]["row"] == 2


def test_a_model_of_pairs_reads_nothing_but_its_own_files() -> None:
    model = pairs.train(["开通", "关闭"], ["激活", "开通"], np.array([1, 0]))
    again = pairs.Pairs.loads(model.dumps())
    assert again.probabilities(["开通"], ["激活"]) == pytest.approx(model.probabilities(["开通"], ["激活"]))
    with pytest.raises(ValueError, match="pairs"):
        pairs.Pairs.loads(b"PK nothing of the kind")


def test_the_area_counts_how_often_the_right_pair_stands_above() -> None:
    assert scores.area(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])).value == 0.75
    assert scores.area(np.array([0, 1]), np.array([0.5, 0.5])).value == 0.5
