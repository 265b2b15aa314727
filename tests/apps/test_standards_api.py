"""Can other systems and the command line work with standards as the pages do?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.standards.models import Version, in_force_on
from huixiang.domain.standards.values import Aim
from huixiang.domain.standards.writing import write
from huixiang.web import cli
from tests.apps.api import caller
from tests.apps.test_standards import SET, hold, second, waiting  # noqa: F401

pytestmark = pytest.mark.one_database


def test_a_standard_goes_its_way_by_the_api(quality: Staff, second: Staff, manager: Staff) -> None:  # noqa: F811
    author, other = caller(quality), caller(second)
    third = caller(manager, "standard.see")
    written = author.post("/standards", {"text": write(waiting())}).json()
    assert (written["number"], written["state"], written["changes"]) == (1, "draft", None)
    one = "/standards/waiting-ordinary/versions/1"
    assert third.get(one).status_code == 404
    assert author.post(f"{one}/submit").json()["state"] == "submitted"
    assert "四眼" in author.post(f"{one}/approve").json()["detail"]
    assert other.post(f"{one}/return", {"words": "请写明来源"}).json()["steps"][-1]["words"] == "请写明来源"
    author.post(f"{one}/submit")
    assert other.post(f"{one}/approve").json()["state"] == "approved"
    [held] = third.get("/standards").json()
    assert (held["code"], held["target"], held["measure"]) == ("waiting-ordinary", 20.0, "waiting.p90")
    assert third.get("/standards/conformance").json()["standards"][0]["verdict"] == "unproven"
    assert author.post("/standards/import", third.get("/standards/export").json()).json() == {
        "written": [],
        "same": ["waiting-ordinary"],
    }
    wrong = author.post("/standards", {"text": write(waiting(15)).replace("governs", "govern")})
    assert (wrong.status_code, "govern" in wrong.json()["detail"]) == (422, True)
    assert third.post("/standards", {"text": write(waiting(15))}).status_code == 404
    assert len(author.post("/standards/adopt").json()["written"]) == len(SET) - 1
    nobody_counts = "/standards/loan-decision/versions/1"
    author.post(f"{nobody_counts}/submit")
    assert other.post(f"{nobody_counts}/approve").json()["state"] == "approved"
    told = {(each["code"], each["fails"]) for each in third.get("/standards/lint").json()}
    assert ("loan-decision", "unmeasurable") in told
    assert ("waiting-ordinary", "unmeasurable") not in told


def test_the_command_line_brings_files_in_and_takes_them_out(
    quality: Staff,
    second: Staff,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hold(waiting(), quality, second)
    assert cli.main(["standards", "export", str(tmp_path / "out")]) == 0
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["waiting-ordinary.toml"]
    file = tmp_path / "out" / "waiting-ordinary.toml"
    file.write_text(write(replace(waiting(), aim=Aim("waiting.p90", 15, 2))), "utf-8")
    assert cli.main(["standards", "import", str(file.parent), "--by", "9002"]) == 0
    assert Version.objects.open().get().value.aim == Aim("waiting.p90", 15, 2)
    assert cli.main(["standards", "import", str(file.parent), "--by", "1"]) == 1
    assert cli.main(["standards", "list"]) == 0
    assert "waiting.p90 20" in capsys.readouterr().out
    assert cli.main(["standards", "lint"]) == 1
    file.write_text("code = 3\n", "utf-8")
    assert cli.main(["standards", "check", str(file)]) == 1
    assert "文件“waiting-ordinary.toml”第 1 行 code" in capsys.readouterr().err
    assert cli.main(["standards", "adopt", "--by", "9002"]) == 0
    assert len(in_force_on(timezone.localdate())) == 1
