"""Can a complaint officer ask the command line by when a case is due, and on what ground?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from huixiang.web.cli import main

RECEIVED = "2026-09-28T16:00+08:00"


def due(capsys: pytest.CaptureFixture[str], *options: str, code: int = 0) -> Any:
    assert main(["complaints", "due", "--no-bank", "--received", RECEIVED, *options]) == code
    told = capsys.readouterr()
    return json.loads(told.out) if code == 0 else told.err


def clocks(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["clock"]: each for each in told["clocks"]}


def test_each_clock_tells_its_date_and_the_clause_that_sets_it(capsys: pytest.CaptureFixture[str]) -> None:
    told = due(capsys, "--rule", "cn-2020/simple", "--at", "2026-10-10T09:00+08:00")
    reply = clocks(told)["reply"]
    assert (reply["due"], reply["legal_latest"], reply["elapsed"], reply["paused"]) == (
        "2026-10-13",
        "2026-10-13",
        12,
        0,
    )
    assert reply["version"] == "2020-03-01"
    assert "15日" in reply["clause"]
    assert "待贵行合规核验" in told["compliance"]
    assert [each["code"] for each in clocks(told)["review_application"]["warnings"]] == ["clause_to_check"]


def test_what_happened_since_moves_the_clock(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = tmp_path / "events.json"
    events.write_text(
        json.dumps(
            [
                {"at": "2026-10-09T10:00+08:00", "kind": "paused", "reason": "appraisal", "told_at": RECEIVED},
                {"at": "2026-10-12T10:00+08:00", "kind": "resumed"},
            ]
        )
    )
    told = due(capsys, "--rule", "cn-2020/simple", "--events", str(events), "--at", "2026-10-14T09:00+08:00")
    reply = clocks(told)["reply"]
    assert (reply["due"], reply["elapsed"], reply["paused"], reply["state"]) == ("2026-10-16", 13, 3, "running")


def test_sixty_days_are_told_with_what_they_need(capsys: pytest.CaptureFixture[str]) -> None:
    reply = clocks(due(capsys, "--rule", "cn-2020/specially-complex"))["reply"]
    assert reply["due"] == "2026-11-27"
    assert "needs_extension" in {each["code"] for each in reply["warnings"]}


def test_the_peoples_banks_rules_say_what_nobody_has_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ordinary = clocks(due(capsys, "--rule", "pbc-2020/ordinary"))["reply"]
    assert (ordinary["due"], ordinary["trust"]) == ("2026-10-13", "check")
    assert "原文未读到" in ordinary["unsure"]
    passed = clocks(due(capsys, "--rule", "pbc-2020/transfer"))["pass_on"]
    assert (passed["due"], passed["limit"]) == ("2026-10-13", 7)  # the holidays left out, Saturday the 10th worked
    events = tmp_path / "events.json"
    extended = {"at": "2026-10-09T10:00+08:00", "kind": "extended", "rule": "extended", "told_at": RECEIVED}
    for approver, day in (("complaint_lead", "2026-11-27"), ("superior_unit", "2026-10-13")):
        events.write_text(json.dumps([extended | {"approved_by": approver}]))
        assert clocks(due(capsys, "--rule", "pbc-2020/ordinary", "--events", str(events)))["reply"]["due"] == day
    assert main(["complaints", "packs"]) == 0
    listed = capsys.readouterr().out
    assert "pbc-2020/extended" in listed
    assert "complaint_lead 投诉处理工作负责人" in listed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--rule", "cn-2019/simple"), "没有规则包“cn-2019”；现有 cn-2020、pbc-2020。"),
        (("--rule", "cn-2020/easy"), "没有规则“cn-2020/easy”；现有 cn-2020/simple"),
        (("--rule", "cn-2020/simple", "--at", "2026-10-10"), "带时区的时间"),
        (("--rule", "cn-2020/simple", "--events", "BAD"), "第 2 条事件的 kind“melted”不认识"),
    ],
)
def test_a_mistake_is_named_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps([{"at": RECEIVED, "kind": "contacted"}, {"at": RECEIVED, "kind": "melted"}]))
    told = due(capsys, *(str(bad) if each == "BAD" else each for each in options), code=2)
    assert said in told
    assert len(told.strip().splitlines()) == 2


def test_the_bank_can_check_and_use_a_pack_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.resources import files

    text = (files("huixiang.domain.complaints") / "packs/cn-2020/rules.toml").read_text("utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace('code = "cn-2020"', 'code = "own"').replace("simple = 15", "simple = 7"))
    assert main(["complaints", "check", str(own)]) == 0
    capsys.readouterr()
    assert clocks(due(capsys, "--rule", "own/simple", "--rule-pack", str(own)))["reply"]["due"] == "2026-10-05"
