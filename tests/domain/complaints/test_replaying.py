"""What would a new rule do to the cases there were, before it takes effect?"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from huixiang.domain.calendar import mainland
from huixiang.domain.complaints.clocks import Clocks
from huixiang.domain.complaints.events import read_events
from huixiang.domain.complaints.hours import DAY
from huixiang.domain.complaints.replaying import Change, Replay, Told, replay
from huixiang.domain.complaints.rulebook import read_pack
from huixiang.web.cli import main

TEXT = (files("huixiang.domain.complaints") / "packs/cn-2020/rules.toml").read_text("utf-8")
SHORTER = TEXT.replace("simple = 15", "simple = 10")
OLD, NEW = Clocks(read_pack(TEXT), mainland()), Clocks(read_pack(SHORTER), mainland())


def case(number: str, replied: str | None, rule: str = "simple", received: str = "2026-03-02") -> dict[str, Any]:
    """Received in the morning, replied to on a day or not yet."""
    events = [{"at": f"{received}T09:00+08:00", "kind": "received"}]
    events += [{"at": f"{replied}T15:00+08:00", "kind": kind} for kind in ("decided", "notified") if replied]
    return {"case": number, "rule": rule, "events": events}


def told(found: dict[str, Any]) -> Told:
    return Told(found["case"], found["rule"], read_events(found["events"]))


QUICK, SLOW, WORST = case("T1", "2026-03-10"), case("T2", "2026-03-15"), case("T3", "2026-03-20")
AT = told(QUICK).events[0].at + 300 * DAY


def test_a_shorter_limit_turns_the_verdict_of_some() -> None:
    done = Replay()
    turned = list(done.through(map(told, (QUICK, SLOW, WORST, case("T4", None))), OLD, NEW, AT))
    assert [(each.case, each.clock, each.days) for each in turned] == [("T2", "reply", -5)]
    reply = done.clocks["reply"]
    assert (reply.changes, reply.shift(0.5)) == ({Change.EARLIER: 4}, -5)
    assert (reply.late_before, reply.late_after, reply.newly_late, reply.no_longer_late) == (2, 3, 1, 0)
    assert (done.cases, done.turned_cases, done.late()["review_application"]) == (4, 1, (3, 3))


def test_the_same_pack_changes_nothing() -> None:
    done = Replay()
    assert not list(done.through(map(told, (QUICK, SLOW, WORST)), OLD, OLD, AT))
    assert done.clocks["reply"].changes == {Change.SAME: 3}
    assert done.clocks["review_application"].shift(1) == 0


def test_clocks_that_come_and_go_and_rules_that_are_gone_are_told() -> None:
    other = SHORTER.replace('code = "acceptance"', 'code = "acknowledgement"')
    without = read_pack(other)
    moved = replay(told(QUICK), OLD, Clocks(without, mainland()), AT)
    assert moved is not None
    assert {each.clock: each.change for each in moved if each.change in {Change.ADDED, Change.DROPPED}} == {
        "acceptance": Change.DROPPED,
        "acknowledgement": Change.ADDED,
    }
    done = Replay()
    assert not list(done.through([told(case("T5", None, rule="urgent"))], OLD, NEW, AT))
    assert (done.cases, done.no_rule) == (0, {"urgent": 1})


def test_an_extension_that_no_longer_holds_is_warned_of() -> None:
    strict = SHORTER.replace('to = "complex"\nneeds = []', 'to = "complex"\nneeds = ["notice"]')
    found = case("T6", "2026-03-25")
    found["events"].append({"at": "2026-03-09T10:00+08:00", "kind": "extended", "rule": "complex"})
    (moved,) = Replay().through([told(found)], OLD, Clocks(read_pack(strict), mainland()), AT)
    assert (moved.turned, moved.warnings) == (True, ("extension_without_notice",))


def test_the_command_reads_cases_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack, cases = tmp_path / "new.toml", tmp_path / "cases.jsonl"
    pack.write_text(SHORTER)
    cases.write_text("\n".join(json.dumps(each) for each in (QUICK, SLOW, WORST)))
    asked = ["complaints", "replay", "--no-bank", "--rule-pack", str(pack), "--cases", str(cases)]
    asked += ["--at", "2026-12-01T09:00+08:00"]
    assert main(asked) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["cases"], said["cases_judged_otherwise"], said["changes_not_listed"]) == (3, 1, 0)
    assert said["changes"][0] | {"clock": "reply"} == {
        "case": "T2", "clock": "reply", "days_later": -5, "due_before": "2026-03-17", "due_after": "2026-03-12",
        "state_before": "met", "state_after": "met_late", "new_warnings": [],
    }  # fmt: skip
    cases.write_text(json.dumps(QUICK) + '\n{"case": "T2", "rule": "simple", "events": [{"kind": "melted"}]}\n')
    assert main(asked) == 2
    assert "第 2 行" in capsys.readouterr().err
