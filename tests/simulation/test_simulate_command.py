"""What does `huixiang simulate` say to somebody who asks for what cannot be? One sentence, and nothing written."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from huixiang.simulation import run as simulation
from huixiang.simulation.exports import slips
from huixiang.web.cli import main

Said = pytest.CaptureFixture[str]
SMALL = ("--branches", "4", "--months", "1", "--facts-only")


def simulate(*given: str | Path) -> int:
    return main(["simulate", *map(str, given)])


def in_both_languages(text: str) -> bool:
    return bool(re.search(r"[一-鿿].* / .*[a-z]{2}", text))


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--branches", "0", "branches is 0; it must be a whole number from 4 on"),
        ("--branches", "-3", "branches is -3; it must be"),
        ("--branches", "1", "branches is 1; it must be a whole number from 4 on"),
        ("--branches", "many", "branches is 'many'; it must be"),
        ("--scale", "0", "scale is 0; it must be a whole number from 1 on"),
        ("--months", "0", "months is 0; it must be a whole number from 1 on"),
        ("--months", "100000", "months is 100000; it must be a whole number from 1 on, up to 240"),
        ("--seed", "-1", "seed is -1; it must be a whole number from 0 on"),
        ("--until", "2026-02-30", "until is '2026-02-30'; it must be a day, written 2026-01-31"),
        ("--until", "0001-01-01", "until is 0001-01-01; it must be a day"),
        ("--scenario", "loud", "no scenario 'loud'; there are planted, quiet"),
        ("--scenario", "nowhere.toml", "there is no such file"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    tmp_path: Path, capsys: Said, option: str, value: str, says: str
) -> None:
    assert simulate("--out", tmp_path / "out", f"{option}={value}") == 1
    said = capsys.readouterr().err
    assert says in said
    assert in_both_languages(said)
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_a_full_folder_and_one_below_a_file_are_refused(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "kept.txt").write_text("mine", "utf-8")
    for out, says in (
        (tmp_path, "目录不为空，请换一个 / is not empty, choose another"),
        (tmp_path / "kept.txt", "是文件，不是目录，请换一个 / is a file, not a folder"),
        (tmp_path / "kept.txt" / "out", "is a file, not a folder"),
    ):
        assert simulate("--out", out, *SMALL) == 1
        assert says in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_where_nobody_may_write_it_is_said(tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # tests may run as root, who may write everywhere
    assert simulate("--out", tmp_path / "out", *SMALL) == 1
    assert "没有权限写入" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def breaking(error: BaseException) -> object:
    """The work of the months, broken off by this."""

    def lived(life: simulation.Life) -> Iterator[str]:
        (life.folder / "half.csv").write_text("half", "utf-8")
        yield "2026-06"
        raise error

    return lived


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 1, "磁盘已满，请腾出空间或换一个目录 / the disc is full"),
        (PermissionError(errno.EACCES, "denied", "x.csv"), 1, "x.csv：没有权限写入 / no right to write there"),
        (OSError(errno.EIO, "I/O error", "x.csv"), 1, "x.csv：不能写入 / cannot be written: I/O error"),
        (
            ValueError("a queue reaches too far"),
            1,
            "模拟不能继续 / the simulation cannot go on: a queue reaches too far",
        ),
        (KeyboardInterrupt(), 130, "已中断 / interrupted"),
    ],
    ids=["full disc", "no right", "broken disc", "impossible bank", "Ctrl-C"],
)
def test_what_is_half_written_keeps_its_other_name_and_is_not_written_over(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, says: str
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(simulation, "_lived", breaking(error))
        assert simulate("--out", tmp_path / "out", *SMALL) == code
    said = capsys.readouterr().err
    assert says in said
    assert "out.part，不完整，请删除 / what was written lies in" in said
    assert [path.name for path in tmp_path.iterdir()] == ["out.part"]
    assert simulate("--out", tmp_path / "out", *SMALL) == 1
    assert "out.part：是上次中断留下的，不完整；请删除或移走后再运行" in capsys.readouterr().err
    assert (tmp_path / "out.part" / "half.csv").exists()


def test_an_empty_folder_may_be_given_and_what_is_left_out_is_said_apart(tmp_path: Path, capsys: Said) -> None:
    assert simulate("--out", tmp_path, *SMALL) == 0
    out, err = capsys.readouterr()
    assert (tmp_path / "truth.json").exists()
    assert not tmp_path.with_name(f"{tmp_path.name}.part").exists()
    notes = err.splitlines()
    assert all(note.startswith("注意 / note: ") and in_both_languages(note) for note in notes)
    assert any("未植入 短信服务费调整" in note for note in notes)
    assert "未植入" not in out


def test_slips_that_no_font_could_draw_are_said_to_be_missing(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slips, "FONTS", (tmp_path / "no-such.ttf",))
    assert simulate("--out", tmp_path / "out", "--branches", "4", "--months", "1") == 0
    note = next(note for note in capsys.readouterr().err.splitlines() if "意见条图片" in note)
    assert note.startswith("注意 / note: ")
    assert in_both_languages(note)
    assert "no-such.ttf" in note
    assert f"apt-get install {slips.PACKAGE}" in note
    assert not list((tmp_path / "out").rglob("*.png"))
    assert (tmp_path / "out/suggestions/slips.jsonl").stat().st_size > 0


def test_help_names_no_default_that_a_scenario_overrules(capsys: Said) -> None:
    with pytest.raises(SystemExit):
        simulate("--help")
    said = capsys.readouterr().out
    assert "(60)" not in said
    assert "(18)" not in said
    assert said.count("默认按情景") == 5
