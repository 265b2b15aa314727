"""What does `huixiang import` say? An account that adds up, where rows wait, and what to do when something is wrong."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from huixiang.apps.access.models import AuditRecord
from huixiang.apps.feedback import quarantine
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.lake.store import Lake
from huixiang.web.cli import main
from tests.apps.arrivals import MAPPING, counts, row, table
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def mapping(tmp_path: Path) -> str:
    path = tmp_path / "留言.toml"
    path.write_text(MAPPING, "utf-8")
    return str(path)


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(table(tmp_path / "留言.csv", [row(number) for number in range(1_234)] + [row(1, 机构="N1X")]))


def test_it_tells_the_account_and_where_the_rest_waits(
    file: str, mapping: str, bank: Bank, lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", file, "--mapping", mapping]) == 0
    out = capsys.readouterr().out
    assert "读取        1,235" in out
    assert "新增        1,234" in out
    assert "隔离            1" in out
    assert "/quarantine/" in out
    assert AuditRecord.objects.get(verb="import.run").actor.startswith("cli:")
    assert main(["import", file, "--mapping", mapping]) == 0
    assert "新增            0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "--as"),
        (["--as", "nonsense"], "nonsense"),
        (["--mapping", "M", "--branch", "N1X"], "N1X"),
        (["--mapping", "does-not-exist.toml"], "does-not-exist"),
        (["--mapping", "SILENT"], "--channel"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    arguments: list[str], told: str, file: str, mapping: str, bank: Bank, lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    silent = Path(mapping).with_name("silent.toml")  # on the channel
    silent.write_text(MAPPING.replace("channel", "# channel"), "utf-8")
    named = {"M": mapping, "SILENT": str(silent)}
    assert main(["import", file, *(named.get(each, each) for each in arguments)]) == 1
    assert not Import.objects.exists()
    captured = capsys.readouterr()
    assert told in captured.err
    assert "Traceback" not in captured.err
    assert not captured.out


@pytest.mark.parametrize("told_how", [[], ["--mapping", "M"], ["--as", "csv"]])
def test_a_missing_or_empty_file_is_named_before_anything_is_asked_of_it(
    told_how: list[str], mapping: str, bank: Bank, lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    how = [mapping if each == "M" else each for each in told_how]
    assert main(["import", "no-such.csv", *how]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told == ["没有“no-such.csv”这个文件；请核对路径", "There is no file “no-such.csv”; check the path"]
    (tmp_path / "空.csv").touch()
    assert main(["import", str(tmp_path / "空.csv"), *how]) == 1
    assert "“空.csv”是空的" in capsys.readouterr().err


def test_a_mapping_saved_by_windows_is_read(file: str, mapping: str, bank: Bank, lake: Lake) -> None:
    Path(mapping).write_bytes(MAPPING.encode("gbk"))
    assert main(["import", file, "--mapping", mapping]) == 0


def test_a_mapping_that_is_no_text_is_said_in_one_sentence(
    file: str, mapping: str, bank: Bank, lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(mapping).write_bytes(MAPPING.encode() + b"# \xff\xff\n")
    assert main(["import", file, "--mapping", mapping]) == 1
    assert "编码无法识别" in capsys.readouterr().err


def test_a_mended_table_lands_in_the_import_that_it_came_from(
    file: str, mapping: str, bank: Bank, lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", file, "--mapping", mapping]) == 0
    back = tmp_path / "back.csv"
    back.write_text("".join(quarantine.export(Quarantined.objects.all())).replace(",N1X,", ",N11,"), "utf-8")
    assert main(["import", str(back)]) == 0
    assert "已修正入库 1 行" in capsys.readouterr().out
    assert counts(Import.objects.get())[4] == 0


def test_a_mapping_may_come_through_a_pipe(
    file: str, bank: Bank, lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = Thread(target=pipe.write_text, args=(MAPPING,))
    writing.start()
    assert main(["import", file, "--mapping", str(pipe)]) == 0
    writing.join()
    assert main(["import", file, "--mapping", str(tmp_path)]) == 1, "a folder is no mapping"
    assert str(tmp_path) in capsys.readouterr().err
