"""The night: each step is done, one that fails does not stop the others, and the chain's head is kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huixiang import loop
from huixiang.apps.access import audit, heads
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.web.cli import main

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NIGHT = datetime(2026, 11, 24, 2, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_round_is_done_and_the_head_is_kept(data: Path) -> None:
    assert loop.last_turned() is None
    begun = audit.record("voice.read", by="1001", on_kind="voice").at
    assert loop.last_turned() == begun
    audit.record("voice.read", by="1001", on_kind="voice")
    told = loop.nightly(NIGHT)
    assert not [outcome for outcome in told.values() if outcome.startswith("!")]
    assert (data / "audit-heads" / "2026-11-24").read_text().startswith("2:")
    assert audit.verify(heads.known()).whole
    assert AuditRecord.objects.get(verb="nightly").outcome == "done"
    assert loop.last_turned() == AuditRecord.objects.get(verb="nightly").at


def test_a_step_that_fails_does_not_keep_the_others_from_their_work(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "lake", lambda: 1 / 0)  # as if the disk of the lake were gone
    told = loop.nightly(NIGHT)
    failed = [outcome for outcome in told.values() if outcome.startswith("!")]
    assert failed == ["! ZeroDivisionError"] * 4, (
        "tidying up, and counting the voices of needs, the calls and the posts"
    )
    assert (data / "audit-heads" / "2026-11-24").exists()
    assert AuditRecord.objects.get(verb="nightly").outcome == "failed"


def test_the_commands_verify_and_print_the_head(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit.record("voice.read", by="1001", on_kind="voice")
    assert main(["audit", "head"]) == 0
    head = capsys.readouterr().out.strip()
    assert main(["audit", "verify", "--head", head]) == 0
    AuditRecord.objects.all().delete()
    assert main(["audit", "verify", "--head", head]) == 1
    assert "第 1 条" in capsys.readouterr().err
    assert main(["audit", "verify", "--head", "nonsense"]) == 2


def test_the_first_administrator_comes_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["staff", "create-admin", "--number", "10002", "--name", "周以安"]) == 0
    password = capsys.readouterr().out.split()[-1]
    person = Staff.objects.get(number="10002")
    assert person.check_password(password)
    assert person.must_change_password
    assert person.scope("organisation.change") is None
    assert AuditRecord.objects.first().actor.startswith("cli:")  # type: ignore[union-attr]
    assert main(["staff", "create-admin", "--number", "10002", "--name", "又一个"]) == 1
    assert main(["staff", "issue-password", "--number", "nobody"]) == 1
