"""What does a command say where nothing is there yet, or where nobody listens any more?"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import LazySettings

from huixiang.channels.contract import Fault
from huixiang.web.commands.readiness import ready_pages
from tests.apps.arrivals import MAPPING, row, table

CODE = "import sys; from huixiang.web.cli import main; sys.exit(main(sys.argv[1:]))"


def started(folder: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    environment = os.environ | {"HUIXIANG_MODE": "demo", "HUIXIANG_DATA": str(folder)} | more
    if "DATABASE_URL" not in more:
        environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", CODE, *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.one_database
@pytest.mark.parametrize("command", ["audit verify", "serve"])
def test_without_a_database_a_command_says_how_to_make_one(command: str, tmp_path: Path) -> None:
    process = started(tmp_path / "new", *command.split())
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "huixiang migrate" in err
    assert "Traceback" not in err
    assert not (tmp_path / "new" / "huixiang.sqlite3").exists(), "an empty one would look like a lost one"


@pytest.mark.one_database
def test_a_newcomers_first_command_makes_the_database_and_the_next_its_administrator(tmp_path: Path) -> None:
    file, mapping = table(tmp_path / "留言.csv", [row(number) for number in range(1_001)]), tmp_path / "留言.toml"
    mapping.write_text(MAPPING, "utf-8")
    process = started(tmp_path / "new", "import", str(file), "--mapping", str(mapping))
    _out, err = process.communicate(timeout=120)
    assert "首次使用" in err
    # No unit is known yet: every row names a branch that is not there, and the first thousand tell enough.
    assert process.returncode == 1
    assert "请先导入机构" in err
    process = started(tmp_path / "new", "staff", "create-admin", "--number", "1", "--name", "周以安")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "one-time password" in out
    with closing(sqlite3.connect(tmp_path / "new" / "huixiang.sqlite3")) as rows:
        for change in ("UPDATE access_auditrecord SET on_id = ''", "DELETE FROM access_auditrecord"):
            with pytest.raises(sqlite3.Error, match="append-only"):  # the migrations leave the guard in its place
                rows.execute(change)


@pytest.mark.one_database
def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    process = started(tmp_path, "audit", "verify", DATABASE_URL="postgresql://x@127.0.0.1:1/y")
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "数据库无法打开" in err
    assert "Traceback" not in err


@pytest.mark.one_database
def test_who_has_read_enough_of_the_output_is_not_told_more(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\n很好\n", "utf-8")
    process = started(tmp_path, "understand", str(tmp_path / "a.csv"), "--out", "-")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")


@pytest.mark.one_database
def test_in_production_the_pages_parts_are_put_where_the_server_takes_them(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    ready_pages()
    assert list(settings.STATIC_ROOT.iterdir()) == [], "elsewhere an empty folder: they are served from the source"
    settings.PRODUCTION = True
    manifest = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}
    ready_pages()
    assert "vendor/icons.svg" in json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]
    settings.STATIC_ROOT = "/proc/static"
    with pytest.raises(Fault, match="无法写入"):
        ready_pages()
