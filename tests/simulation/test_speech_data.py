"""What does a reader of the data folder see who writes something wrong? File, line, pattern, and what is known."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from huixiang.simulation.speech.material import DATA, materials


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(DATA, tmp_path / "data")
    for topics in (tmp_path / "data" / "topics").glob("*.toml"):
        topics.unlink()
    return tmp_path / "data"


def _write(folder: Path, sentence: str, more: str = "") -> None:
    (folder / "topics" / "tea.toml").write_text(
        f"""[[topic]]
code = "branch.tea"
name = "茶水"
channels = ["branch"]

[[topic.facets]]
aspects = ["茶水"]
negative = ["凉了"]

[topic.says]
negative = ["{sentence}"]
{more}""",
        encoding="utf-8",
    )


def test_a_new_topic_is_read_with_the_polarities_it_offers(folder: Path) -> None:
    _write(folder, "[茶水]<等了{minutes}分钟>", 'question = ["[茶]是免费的吗"]')
    topic = materials(folder)["branch.tea"].topic
    assert topic.polarities == ("negative",)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "等了{minuets}分钟",
            r"tea\.toml, line 11: pattern '等了{minuets}分钟': unknown placeholder {minuets}; known are",
        ),
        ("[茶水<凉了>", "a second '<'"),
        ("[茶水]<凉了", "the opinion is opened but not closed"),
        ("茶水]凉了", "a ']' that closes nothing"),
        ("茶水{凉了", "a lone '{'"),
        ("", "it is empty"),
    ],
)
def test_a_faulty_pattern_is_named_with_file_and_line(folder: Path, sentence: str, said: str) -> None:
    _write(folder, sentence)
    with pytest.raises(ValueError, match=said):
        materials(folder)


def test_an_unknown_list_is_named(folder: Path) -> None:
    _write(folder, "[茶水]<凉了>", 'angry = ["[茶水]呢"]')
    with pytest.raises(ValueError, match=r"topic branch\.tea: says\.angry is not known"):
        materials(folder)


def test_a_topic_written_twice_is_named(folder: Path) -> None:
    _write(folder, "[茶水]<凉了>")
    shutil.copy(folder / "topics" / "tea.toml", folder / "topics" / "water.toml")
    with pytest.raises(ValueError, match=r"water\.toml: topic branch\.tea is written twice"):
        materials(folder)
