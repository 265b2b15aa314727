"""Do the voices become needs that people stand by? Proposed once, counted in reach, and gone if erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback.models import Erasure, Tombstone
from huixiang.apps.needs import actions, evidence, proposals, standing, weighing
from huixiang.apps.needs.lifecycle import VERBS
from huixiang.apps.needs.models import Decision, Need, Pin
from huixiang.channels.contract import Fault
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.questions.by_month import Sums
from huixiang.lake.store import Lake
from tests import make
from tests.browser import voices as made
from tests.make import Bank

WAITING, CRASHING, PRAISE = "排队等了两个小时，太慢了", "手机银行登录总是闪退，急死人", "柜员热情周到"
Propose = Callable[..., Need]


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def heard(lake: Lake, bank: Bank) -> Lake:
    """In the north 14 wait and 12 crash, in the south 11 wait; 23 are content."""
    said = [(WAITING, "N11")] * 14 + [(CRASHING, "N12")] * 12 + [(WAITING, "S11")] * 11 + [(PRAISE, "N11")] * 23
    records = [
        made.record(n, f"{text}，第{n}次", today() - timedelta(days=n % 80), branch=unit)
        for n, (text, unit) in enumerate(said)
    ]
    made.fill(lake, records)
    return lake


def night() -> int:
    return actions.propose_from(today() - timedelta(days=89), today(), by="system:nightly")


def need(by: Staff, *terms: str, name: str = "少等一点", **fields: Any) -> Need:
    rules = [evidence.rule(evidence.group(terms=terms), kinds=["demand", "expectation", "pain_point"])]
    return actions.propose(actions.Wording(name, "pain_point"), rules, by=by, **fields)


def count(lake: Lake, found: Need, staff: Staff) -> int:
    reach = evidence.reach(staff)
    assert reach is not None
    found.refresh_from_db()
    return questions.count(lake, evidence.heard(reach, found))


def test_what_was_proposed_once_is_never_proposed_again(heard: Lake, quality: Staff) -> None:
    assert night() >= 2
    names = set(Need.objects.values_list("name", flat=True))
    assert "等候" in names
    waiting = Need.objects.get(name="等候")
    assert (waiting.state, waiting.kind, waiting.owner) == ("proposed", "pain_point", None)
    assert "滨江" not in waiting.statement
    assert WAITING not in waiting.statement, "nobody's own words are kept outside the lake"
    other = Need.objects.exclude(pk=waiting.pk)[0]
    actions.reject(other.pk, "不归本行解决", by=quality)
    actions.merge(waiting.pk, need(quality, "排队").pk, by=quality)
    assert night() == 0
    assert AuditRecord.objects.filter(verb="need.propose", actor="system:nightly").count() == len(names)
    with pytest.raises(PermissionDenied):
        actions.propose_from(today(), today(), by=make.staff("1003", None))


def test_what_many_blame_by_name_becomes_a_need_and_a_copied_text_counts_once(
    lake: Lake, bank: Bank, quality: Staff
) -> None:
    points, card, fee = "积分兑换\tnegative", "信用卡积分兑换\tnegative", "年费\tnegative"
    said = [("兑换太麻烦", points)] * 8 + [("用积分太麻烦", card)] * 7 + [(PRAISE, "")] * 20 + [("年费太贵", fee)] * 12
    records = [
        made.record(n, f"{text}，第{n}次", today() - timedelta(days=n % 80), branch="N11")
        for n, (text, _) in enumerate(said)
    ]
    table = made.table(records)
    rows = table.to_pylist()
    for row, (_, aspect) in zip(rows, said, strict=True):
        row |= {"aspects": [aspect] if aspect else [], "topics": [], "kind": "pain_point" if aspect else "praise"}
    for row in rows[36:]:
        row["duplicate_of"] = rows[35]["id"]  # the fee was blamed once, and posted eleven times more
    made.pour(lake, table.from_pylist(rows, schema=table.schema))
    assert night() == 1, "a text that was copied is one voice"
    found = Need.objects.get()
    assert (found.key, found.name) == ("opinion:积分兑换", "积分兑换方面的不满")
    (kept,) = found.rules
    assert kept["every"][0]["aspects"] == [card, points]
    assert "“积分兑换”（负面）" in evidence.told(kept)
    assert count(lake, found, quality) == 15
    assert Need.objects.all().about(["积分"]).exists()
    assert night() == 0


def test_everybody_counts_what_lies_within_his_own_reach(
    heard: Lake, quality: Staff, manager: Staff, bank: Bank
) -> None:
    waiting = need(quality, "排队", "等候")
    assert count(heard, waiting, quality) == 25
    assert count(heard, waiting, manager) == 14
    (mine,) = weighing.weighed(heard, evidence.reach(manager), [waiting])
    assert (mine.count, mine.of) == (14, 49)
    manager.narrowed_to = frozenset({"need.see"})
    assert evidence.reach(manager) is None, "without the right to voices there is nothing to count"
    own = need(make.staff("2002", bank.south_branch, "branch_manager"), "排队", name="南湖的排队", unit="S1")
    assert own in Need.objects.visible_to(quality)
    assert own not in Need.objects.visible_to(Staff.objects.get(pk=manager.pk))
    with pytest.raises(ObjectDoesNotExist):
        need(Staff.objects.get(pk=manager.pk), "排队", unit="S1")


@pytest.mark.one_database
def test_whoever_opens_a_need_waits_for_no_reading_of_texts(
    heard: Lake, quality: Staff, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        found = need(quality, "排队")
    with django_capture_on_commit_callbacks(execute=True):
        part = actions.split(
            found.pk, evidence.group(terms=["两个小时"]), actions.Wording("两小时", "demand"), by=quality
        )
    with monkeypatch.context() as reading:
        read: Any = lambda _sums, _view, months, *_, **__: {} if not months else pytest.fail("all texts are read")  # noqa: E731
        reading.setattr(Sums, "_read", read)
        assert [standing.standing(heard, Slice(), each).total for each in (Need.objects.get(pk=found.pk), part)] == [
            0,
            25,
        ]
    monkeypatch.setattr(questions, "count_rules", lambda *_: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        other = need(quality, "闪退", name="不闪退")
    assert standing.standing(heard, Slice(), other).total == 12, "a failure then is no failure of the proposal"


def test_a_split_parts_the_voices_and_a_merge_unites_them(heard: Lake, quality: Staff) -> None:
    whole = need(quality, "排队", "闪退")
    assert count(heard, whole, quality) == 37
    part = actions.split(whole.pk, evidence.group(terms=["闪退"]), actions.Wording("别闪退", "demand"), by=quality)
    assert (count(heard, whole, quality), count(heard, part, quality)) == (25, 12)
    into = actions.merge(part.pk, whole.pk, "是一回事", by=quality)
    assert count(heard, into, quality) == 37
    part.refresh_from_db()
    assert (part.state, part.merged_into) == ("merged", whole)
    with pytest.raises(Fault, match="已合并"):
        actions.confirm(part.pk, by=quality)
    with pytest.raises(Fault, match="自己"):
        actions.merge(whole.pk, whole.pk, by=quality)
    with pytest.raises(Fault, match="至少"):
        actions.split(whole.pk, evidence.group(), actions.Wording("空", "demand"), by=quality)


def test_people_put_voices_in_and_out_and_the_erased_are_gone(
    heard: Lake, quality: Staff, manager: Staff, bank: Bank
) -> None:
    waiting = need(quality, "排队")
    reach = Slice(branches=frozenset({"N11"}))
    content = questions.page(heard, replace(reach, query="热情")).voices[0]
    southern = questions.page(heard, Slice(branches=frozenset({"S11"}))).voices[0]
    actions.pin(waiting.pk, content.id, True, by=quality)
    actions.pin(waiting.pk, southern.id, False, by=quality)
    assert count(heard, waiting, quality) == 25 + 1 - 1
    with pytest.raises(Fault, match="没有任何改动"):
        actions.pin(waiting.pk, content.id, True, by=quality)
    own = need(manager, "排队", unit="N1")
    with pytest.raises(ObjectDoesNotExist):
        actions.pin(own.pk, southern.id, True, by=manager)
    with heard.writing():
        heard.delete("voices", {content.id})
    erasure = Erasure.objects.create(what="voice", reason="来函", voices=1, by=quality)
    Tombstone.objects.create(voice_id=content.id, erasure=erasure)
    assert count(heard, waiting, quality) == 24
    assert actions.forget_erased() == 1
    assert list(Pin.objects.values_list("voice_id", flat=True)) == [southern.id]
    assert not [step for step in waiting.steps.all() if content.id in str(step.changed)]


@pytest.mark.one_database
def test_a_need_goes_its_way_only_as_the_table_says(bank: Bank, quality: Staff, manager: Staff) -> None:
    analyst = make.staff("9004", bank.head_office, "analyst")
    found = need(analyst, "排队", name="少排队 13800138000")
    assert "13800138000" not in found.name
    ruling = actions.Ruling("process", "弹性窗口", "服〔2026〕8 号", "https://intranet.example/8")
    with pytest.raises(PermissionDenied):
        actions.decide(found.pk, ruling, by=analyst)
    with pytest.raises(Fault, match="待确认"):
        actions.decide(found.pk, ruling, by=quality)
    with pytest.raises(PermissionDenied):
        actions.confirm(found.pk, by=manager)  # it is the whole bank's
    actions.confirm(found.pk, by=analyst)
    with pytest.raises(Fault, match="看不到"):
        actions.assign(found.pk, "1003", by=analyst)
    actions.assign(found.pk, manager.number, by=analyst)
    for wrong in ("javascript:alert(1)", "intranet/8"):
        with pytest.raises(Fault, match="http"):
            actions.decide(found.pk, replace(ruling, url=wrong), by=quality)
    with pytest.raises(Fault, match="晚于今天"):
        actions.decide(found.pk, replace(ruling, decided_on=today() + timedelta(days=1)), by=quality)
    actions.decide(found.pk, ruling, by=quality)
    actions.meet(found.pk, "三季度窗口已调整", by=quality)
    actions.reopen(found.pk, "客户仍在说", by=quality)
    found.refresh_from_db()
    assert (found.state, found.owner, Decision.objects.get().url) == ("confirmed", manager, ruling.url)
    done = list(AuditRecord.objects.filter(verb__startswith="need.").order_by("seq").values_list("verb", flat=True))
    assert done == [f"need.{verb}" for verb in ("propose", "confirm", "assign", "decide", "meet", "reopen")]
    assert {step.verb for step in found.steps.all()} == {verb.removeprefix("need.") for verb in done}


@pytest.mark.one_database
@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in {"reopen"}])
def test_what_was_rejected_waits_for_a_person_to_reopen_it(bank: Bank, quality: Staff, verb: str) -> None:
    found = need(quality, "排队")
    actions.reject(found.pk, "不是需求", by=quality)
    found.refresh_from_db()
    assert not actions.may(quality, verb, found)
    assert actions.open_verbs(quality, found) == ["reopen"]


@pytest.mark.one_database
def test_a_copy_that_stands_for_its_family_does_not_stop_the_night() -> None:
    """Of three that say the same the first was corrected to praise: of those that want something, one counts more."""
    here, there = questions.Words(4, {"排队": 4}), questions.Words(9, {"排队": 3})
    assert isinstance(proposals._wording(here, there, ""), str)
