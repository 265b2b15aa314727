"""`huixiang understand` reads a file, writes one JSON a row in its order, and says clearly why it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from huixiang.web.cli import main
from huixiang.web.commands import understand as understanding_command

REVIEWS = """来源,text
苹果,打不开
安卓,
苹果,手机银行一直打不开，急死人了，快修复
安卓,手机银行一直打不开，急死人了，快修复！
苹果,打不开
"""
REAL = 5_000  # reviews read


def understand(*arguments: object) -> int:
    return main(["understand", *map(str, arguments)])


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_one_json_a_row_in_the_files_order_whatever_its_encoding(tmp_path: Path, out: Path, encoding: str) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text(REVIEWS, encoding)
    assert understand(path, "--text-column", "text", "--out", out) == 0
    found = rows(out)
    assert [row["masked"] for row in found][:3] == ["打不开", "", "手机银行一直打不开，急死人了，快修复"]
    assert [row["duplicate_of"] for row in found] == [None, None, None, 3, 1]
    assert list(found[0]) == [
        *(
            "masked",
            "sentiment",
            "opinions",
            "words",
            "topics",
            "topics_unknown",
            "kind",
            "kind_probability",
            "risk",
            "duplicate_of",
        )
    ]
    assert list(found[0]["sentiment"]) == ["label", "negative", "neutral", "positive"]


def test_a_row_that_cannot_be_read_keeps_its_line_and_says_why(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "reviews.tsv"
    path.write_text('id\ttext\n1\t"两行\n一格"\n2\n\n3\t好\n4\t' + "长" * 200_000 + "\n5\t差\n", "utf-8")
    assert understand(path, "--out", out) == 0
    found = rows(out)
    assert [row["masked"] for row in found][:3] == ["两行\n一格", "", "好"]
    assert found[4]["masked"] == "差"
    assert "第 3 行有 1 列" in found[1]["error"]
    assert "100000 个字符" in found[3]["error"]
    assert "第 3 行有 1 列" in capsys.readouterr().err


def test_texts_of_one_template_take_time_in_proportion(tmp_path: Path, out: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    texts = (f"手机银行转账失败请尽快处理{number * 7919 % 1_000_003:06d}" for number in range(4_000))
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    compared = 0
    alike = understanding_command.alike

    def counted(one: str, other: str) -> bool:
        nonlocal compared
        compared += 1
        return alike(one, other)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(understanding_command, "alike", counted)
        assert understand(path, "--out", out) == 0
    assert compared <= 6 * 4_000, "each text is compared with the six nearest at most"


def test_jsonl_is_read_too(tmp_path: Path, out: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_text('{"id": 1, "评论": "我的手机13800138000"}\n\n{"评论": null}\n{"id": 3}\n', "utf-8")
    assert understand(path, "--text-column", "评论", "--out", out) == 0
    assert [row["masked"] for row in rows(out)] == ["我的手机〔手机〕", "", ""]
    assert "没有“评论”" in rows(out)[2]["error"]


def test_the_result_can_go_to_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text(REVIEWS, "utf-8")
    assert understand(path, "--out", "-") == 0
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 5
    assert "5 行" in printed.err


def test_own_words_stay_whole(tmp_path: Path, out: Path) -> None:
    (path, words) = tmp_path / "reviews.csv", tmp_path / "words.txt"
    path.write_text("text\n云上小微贷放款快\n", "utf-8")
    words.write_text("云上小微贷\n", "utf-8")
    assert understand(path, "--out", out, "--dictionary", words) == 0
    assert "云上小微贷" in rows(out)[0]["words"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", REVIEWS.replace("text", "评论").encode(), "文件里的列：来源、评论"),
        ("a.csv", b"", "空文件"),
        ("a.csv", b"text\n", "只有表头"),
        ("a.jsonl", b"[1, 2]\n", "不是 JSON 对象"),
        ("a.xlsx", b"PK\x03\x04", "a.xlsx"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert understand(path, "--out", out) == 2
    assert told in capsys.readouterr().err


def test_an_earlier_result_and_the_input_itself_survive_a_mistake(tmp_path: Path, out: Path) -> None:
    out.write_text("earlier")
    assert understand(tmp_path / "missing.csv", "--out", out) == 2
    words = tmp_path / "words.txt"
    words.write_bytes("云上小微贷".encode("gb18030"))
    (tmp_path / "few.csv").write_text(REVIEWS, "utf-8")
    assert understand(tmp_path / "few.csv", "--out", out, "--dictionary", words) == 2
    assert out.read_text() == "earlier"
    path = tmp_path / "reviews.csv"
    path.write_text(REVIEWS, "utf-8")
    assert understand(path, "--out", path) == 2
    assert path.read_text("utf-8") == REVIEWS


def test_it_needs_neither_settings_nor_a_database(tmp_path: Path, out: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text(REVIEWS, "utf-8")
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("HUIXIANG", "DJANGO", "DATABASE"))
    }
    code = (
        "import sys; from huixiang.web.cli import main; code = main(sys.argv[1:]); "
        "sys.exit(code or ('django' in sys.modules and 9))"
    )
    done = subprocess.run([sys.executable, "-c", code, "understand", path, "--out", out], env=bare, check=False)
    assert done.returncode == 0


def test_the_real_reviews_are_understood_row_by_row(out: Path) -> None:
    shared = Path(os.environ.get("HUIXIANG_SHARED", Path(__file__).resolve().parents[2] / "../shared"))
    path = shared / "data/icbc_app_reviews.csv"
    if not path.exists():
        pytest.skip("the real reviews are not at hand")
    with path.open(encoding="utf-8") as real, out.with_name("real.csv").open("w", encoding="utf-8") as some:
        some.writelines(islice(real, REAL + 1))  # one line each; all of them are read in test_stores_and_mappings
    assert understand(out.with_name("real.csv"), "--out", out) == 0
    found = rows(out)
    assert len(found) == REAL
    assert all(row["duplicate_of"] is None or row["duplicate_of"] < number for number, row in enumerate(found, start=1))
    assert sum(row["sentiment"]["label"] == "negative" for row in found) > len(found) / 2
