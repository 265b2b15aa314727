"""Does a complaint go from the angry call to the archive, each line provable, and nobody seeing what is not hers?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from huixiang.apps.access import append_only
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import actions, chain, projecting
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.guarded import EVENTS
from huixiang.apps.complaints.models import Case, CaseNumber, Event, Party
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.acting import REMEDIES
from tests import make
from tests.make import Bank

ANGRY = "理财亏了一半，经理张伟当时说保本，我的电话 13800138000"


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


@pytest.fixture
def head(bank: Bank) -> Staff:
    """Leads the region above the branch."""
    return make.staff("1201", bank.north, "branch_manager", name="卫八")


def receipt(bank: Bank, **changed: Any) -> Receipt:
    person = Person(Party.Role.COMPLAINANT, Identity(name="王芳", phone="13800138000"))
    return Receipt(**{"way": "phone", "unit": bank.north_branch, "title": "理财亏损", "text": ANGRY,
                      "demand": "退还本金", "people": (person,)} | changed)  # fmt: skip


def test_a_verbs_form_comes_when_it_is_opened_and_a_long_history_page_by_page(bank: Bank, handler: Staff) -> None:
    case, there = actions.register(receipt(bank), by=handler), make.client(handler)
    actions.do(case.pk, "accept", Doing(told_at=now()), by=handler)
    for number in range(60):
        actions.do(case.pk, "note", Doing(words=f"第{number}次看过"), by=handler)
    whole = there.get(f"/complaints/{case.pk}/").content.decode()
    assert f'hx-get="/complaints/{case.pk}/take/"' in whole, "and a link for who has no script"
    assert "第59次看过" in whole
    assert "第40次看过" not in whole
    alone = there.get(f"/complaints/{case.pk}/note/", headers={"HX-Request": "true"}).content.decode()
    assert "<textarea" in alone
    assert "<html" not in alone
    assert "<html" in there.get(f"/complaints/{case.pk}/note/").content.decode()
    assert there.get(f"/complaints/{case.pk}/archive/").status_code == 404, "what is not offered has no form"
    earlier = there.get(f"/complaints/{case.pk}/history/?before=55").content.decode()
    assert "第51次看过" in earlier
    assert f"/complaints/{case.pk}/history/?before=5" in earlier
    stranger = make.client(make.staff("1301", bank.south_branch, "complaint_handler"))
    assert {stranger.get(f"/complaints/{case.pk}/{part}/").status_code for part in ("note", "history")} == {404}


def now() -> Any:
    return timezone.now()


def reply(**changed: Any) -> Doing:
    whole = {"words": "经核实……", "told_at": now(), "names_grounds": True, "remedies": REMEDIES}
    return Doing(**whole | changed)  # type: ignore[arg-type]


def answered(bank: Bank, by: Staff, **changed: Any) -> Case:
    case = actions.register(receipt(bank, **changed), by=by)
    for verb, doing in (
        ("accept", Doing(told_at=now())),
        ("take", Doing()),
        ("decide", Doing(words="退还手续费", fen=10_000)),
        ("reply", reply()),
    ):
        actions.do(case.pk, verb, doing, by=by)
    case.refresh_from_db()
    return case


def test_from_the_call_to_the_archive_each_line_can_be_proved(bank: Bank, handler: Staff, quality: Staff) -> None:
    case = answered(bank, handler)
    assert case.number == f"{timezone.localdate().year}-000001"
    assert "13800138000" not in case.text
    assert case.state == "replied"
    assert case.next_due_on is None, "decided and told: no reply is owed"
    actions.do(case.pk, "close", Doing(), by=handler)
    with pytest.raises(PermissionDenied):
        actions.do(case.pk, "archive", Doing(), by=handler)
    actions.do(case.pk, "archive", Doing(), by=quality)
    case.refresh_from_db()
    assert (case.state, case.is_open) == ("archived", False)
    assert chain.verify() == (7, [])
    assert b"\xe7\xbb\x8f" not in b"".join(bytes(e.sealed) for e in Event.objects.exclude(sealed=None)), "sealed"
    assert AuditRecord.objects.filter(verb="complaint.turn", on_id=case.number).count() == 6
    with pytest.raises(Fault, match="现在的状态"):
        actions.do(case.pk, "note", Doing(words="再看看"), by=handler)


def test_the_law_stands_in_the_way_whoever_asks(bank: Bank, handler: Staff) -> None:
    case = actions.register(receipt(bank), by=handler)
    with pytest.raises(Fault, match="告知"):
        actions.do(case.pk, "accept", Doing(), by=handler)
    actions.do(case.pk, "accept", Doing(told_at=now()), by=handler)
    actions.do(case.pk, "take", Doing(), by=handler)
    with pytest.raises(Fault, match="不能暂停"):
        actions.do(case.pk, "pause", Doing(reason="holiday", words="等", told_at=now()), by=handler)
    with pytest.raises(Fault, match="复核"):
        actions.do(case.pk, "decide", Doing(words="赔", fen=100_000_00), by=handler)
    actions.do(case.pk, "decide", Doing(words="不赔"), by=handler)
    for spoilt in ({"remedies": frozenset()}, {"names_grounds": False}, {"told_at": None}):
        with pytest.raises(Fault):
            actions.do(case.pk, "reply", reply(**spoilt), by=handler)
    assert Event.objects.filter(case=case).count() == 4, "what was refused left no line"


def test_money_above_the_limit_needs_a_second_pair_of_eyes(bank: Bank, handler: Staff, head: Staff) -> None:
    case = actions.register(receipt(bank), by=handler)
    actions.do(case.pk, "accept", Doing(told_at=now()), by=handler)
    actions.do(case.pk, "take", Doing(), by=handler)
    actions.do(case.pk, "propose", Doing(words="赔 1000 元", fen=100_000), by=handler)
    with pytest.raises(PermissionDenied):
        actions.do(case.pk, "approve", Doing(), by=handler)
    actions.do(case.pk, "approve", Doing(), by=head)
    case.refresh_from_db()
    assert case.state == "decided"


def test_a_longer_limit_needs_the_superior_and_the_notice(
    bank: Bank, handler: Staff, head: Staff, manager: Staff
) -> None:
    case = actions.register(receipt(bank), by=handler)
    due = case.received_at.astimezone(timezone.get_default_timezone()).date()
    case.refresh_from_db()
    assert case.next_due_on == due + timedelta(days=15)
    actions.do(case.pk, "accept", Doing(told_at=now()), by=handler)
    actions.do(case.pk, "ask_extension", Doing(rule="specially-complex", words="须外地取证"), by=handler)
    with pytest.raises(Fault, match="上级机构"):
        actions.do(case.pk, "approve_extension", Doing(), by=manager)  # of the same branch
    with pytest.raises(Fault, match="审批"):
        actions.do(case.pk, "extend", Doing(told_at=now()), by=handler)
    actions.do(case.pk, "approve_extension", Doing(), by=head)
    actions.do(case.pk, "extend", Doing(told_at=now()), by=handler)
    case.refresh_from_db()
    assert case.next_due_on == due + timedelta(days=60)


def test_who_is_complained_of_neither_sees_nor_touches_it(bank: Bank, handler: Staff, manager: Staff) -> None:
    case = actions.register(receipt(bank, accused=(manager,)), by=handler)
    assert not Case.objects.visible_to(manager).exists()
    assert make.client(manager).get(f"/complaints/{case.pk}/").status_code == 404
    with pytest.raises(ObjectDoesNotExist):
        actions.do(case.pk, "note", Doing(words="我没有"), by=manager)
    with pytest.raises(ObjectDoesNotExist):
        actions.reveal(case.pk, by=manager)
    actions.do(case.pk, "accept", Doing(told_at=now()), by=handler)
    with pytest.raises(Fault, match="被投诉人"):
        actions.do(case.pk, "assign", Doing(to=manager), by=handler)


def test_who_complains_is_told_only_with_the_right_and_every_look_is_recorded(
    bank: Bank, handler: Staff, clerk: Staff, stranger: Staff
) -> None:
    case = actions.register(receipt(bank), by=handler)
    watcher = make.staff("1301", bank.north, "inspector")
    page = make.client(watcher).get(f"/complaints/{case.pk}/").content.decode()
    assert "理财亏损" in page
    assert "王芳" not in page
    assert make.client(watcher).post(f"/complaints/{case.pk}/people/").status_code == 404
    assert "王芳" in make.client(handler).post(f"/complaints/{case.pk}/people/").content.decode()
    assert AuditRecord.objects.filter(verb="complaint.identity_read", actor=handler.number).count() == 1
    assert make.client(stranger).get(f"/complaints/{case.pk}/").status_code == 404
    assert make.client(clerk).get("/complaints/").status_code == 404, "she takes down, and reads no more"


def test_a_review_is_decided_above_and_by_new_eyes(bank: Bank, handler: Staff, head: Staff, manager: Staff) -> None:
    case = answered(bank, handler)
    actions.do(case.pk, "dispute", Doing(words="不服"), by=handler)
    actions.do(case.pk, "apply_review", Doing(), by=handler)
    case.refresh_from_db()
    assert case.next_due_on is not None, "the review has a clock of its own"
    with pytest.raises(Fault, match="上级机构"):
        actions.do(case.pk, "decide_review", Doing(words="维持"), by=manager)
    actions.do(case.pk, "decide_review", Doing(words="维持"), by=head)
    actions.do(case.pk, "tell_review", Doing(words="维持", told_at=now()), by=head)
    actions.do(case.pk, "close", Doing(), by=handler)
    case.refresh_from_db()
    assert case.state == "closed"


def test_merged_and_split_the_queue_and_the_clocks_are_as_before(bank: Bank, handler: Staff) -> None:
    first = actions.register(receipt(bank, received_at=now() - timedelta(days=5)), by=handler)
    second = actions.register(receipt(bank), by=handler)
    before = {name: getattr(second, name) for name in projecting.COLUMNS}
    actions.do(first.pk, "merge", Doing(other=second.number), by=handler)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, first.merged_into, first.is_open) == ("merged", second, False)
    assert second.next_due_on is not None
    assert second.next_due_on < before["next_due_on"], "a merger never buys time"
    actions.do(first.pk, "split", Doing(), by=handler)
    second.refresh_from_db()
    first.refresh_from_db()
    assert {name: getattr(second, name) for name in projecting.COLUMNS} == before
    assert first.state == "registered"
    stranger_case = actions.register(receipt(bank, people=()), by=handler)
    with pytest.raises(Fault, match="同一客户"):
        actions.do(stranger_case.pk, "merge", Doing(other=second.number), by=handler)


def test_what_happened_is_not_changed_and_a_change_would_be_seen(bank: Bank, handler: Staff) -> None:
    case = answered(bank, handler)
    append_only.guard(connection, EVENTS)
    for change in ("UPDATE {} SET verb = 'close'", "DELETE FROM {}", "UPDATE {} SET told = '{{}}', sealed = NULL"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.format(EVENTS.table))
    Event.objects.filter(case=case, verb="decide").update(sealed=None)  # the one change there is: its term is over
    append_only.release(connection, EVENTS)
    assert chain.verify()[1] == []
    Event.objects.filter(case=case, verb="decide").update(told={"fen": 1})
    assert chain.verify()[1] == [chain.Broken(case.number, 4, "changed")]


def test_the_queue_is_made_of_the_events_and_says_what_was_wrong(bank: Bank, handler: Staff) -> None:
    case = answered(bank, handler)
    assert list(projecting.rebuild(now())) == []
    Case.objects.filter(pk=case.pk).update(state="closed", rank=3)
    assert list(projecting.rebuild(now())) == [(case.number, ["state", "rank"])]
    case.refresh_from_db()
    assert case.state == "replied"


def test_numbers_have_no_gaps_and_a_form_sent_twice_is_one_case(bank: Bank, handler: Staff) -> None:
    browser = make.client(handler)
    page = browser.get("/complaints/new/")
    form = {"way": "phone", "unit": bank.north_branch.pk, "title": "排队太久", "text": "等了两小时", "heads": "1",
            "complainant": "self", "key": page.context["form"]["key"].value()}  # fmt: skip
    first, again = browser.post("/complaints/new/", form), browser.post("/complaints/new/", form)
    assert first["Location"] == again["Location"]
    with pytest.raises(Fault), transaction.atomic():
        actions.register(receipt(bank, title=" "), by=handler)
    assert CaseNumber.objects.get().last == 1
    case = Case.objects.get()
    assert case.number in browser.get(f"/complaints/{case.pk}/receipt/").content.decode()
    doing = Doing(told_at=now(), key="k1")
    actions.do(case.pk, "accept", doing, by=handler)
    actions.do(case.pk, "accept", doing, by=handler)
    assert case.events.count() == 2


def test_a_crowd_at_the_counter_is_major_at_once(bank: Bank, handler: Staff) -> None:
    calm = actions.register(receipt(bank), by=handler)
    crowd = actions.register(receipt(bank, way="counter", complainant="group", heads=20), by=handler)
    crowd.refresh_from_db()
    assert crowd.seriousness == "major"
    assert list(Case.objects.visible_to(handler).open().by_urgency()) == [crowd, calm]
    people = tuple(Person(Party.Role.REPRESENTATIVE, Identity(name=f"代表{n}")) for n in range(6))
    with pytest.raises(Fault, match="最多推选 5 名"):
        actions.register(receipt(bank, complainant="group", heads=30, people=people), by=handler)


def test_the_pages_show_what_may_be_done_now(bank: Bank, handler: Staff) -> None:
    case = actions.register(receipt(bank, text="<script>", way="letter"), by=handler)
    browser = make.client(handler)
    assert case.number in browser.get("/complaints/").content.decode()
    page = browser.get(f"/complaints/{case.pk}/").content.decode()
    assert "令2020年第3号" in page
    assert "待贵行合规核验" in page
    assert f"/complaints/{case.pk}/accept/" in page
    assert f"/complaints/{case.pk}/close/" not in page
    assert browser.post(f"/complaints/{case.pk}/accept/", {"key": "x"}).status_code == 422
    told = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    accepted = browser.post(f"/complaints/{case.pk}/accept/", {"key": "x", "told_at": told})
    assert accepted.status_code == 302, "told in the minute of the receipt, of which a form tells no seconds"
