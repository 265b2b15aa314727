"""Can a handler work all day: files, contacts, call-backs, notes to colleagues, hand-overs and absences?"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import absences, actions, chain, exporting, files, keeping, projecting
from huixiang.apps.complaints.actions import Doing, Receipt
from huixiang.apps.complaints.models import Case, CaseFile, Mention
from huixiang.apps.complaints.standings import history
from huixiang.channels.contract import Fault
from tests import make
from tests.apps.api import ROOT, caller
from tests.make import Bank

pytestmark = pytest.mark.one_database

PDF = b"%PDF-1.7\n%%EOF"
DAY = timedelta(days=1)


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


@pytest.fixture
def colleague(bank: Bank) -> Staff:
    return make.staff("1102", bank.north_branch, "complaint_handler", name="李四")


@pytest.fixture
def southerner(bank: Bank) -> Staff:
    return make.staff("2101", bank.south_branch, "complaint_handler", name="赵南")


@pytest.fixture
def case(bank: Bank, handler: Staff) -> Case:
    receipt = Receipt(way="phone", unit=bank.north_branch, title="理财亏损", text="没说清风险", customer="c1")
    found = actions.register(receipt, by=handler)
    do(found, "accept", handler, told_at=timezone.now())
    return found


def do(case: Case, verb: str, by: Staff, **said: Any) -> Case:
    done = actions.do(case.pk, verb, Doing(**said), by=by)
    case.refresh_from_db()
    return done


def last(case: Case) -> Any:
    return case.events.order_by("-seq")[0]


def client(person: Staff) -> Client:
    found = Client()
    found.force_login(person)
    return found


# Files


def test_a_recording_is_kept_sealed_fetched_on_record_and_withdrawn(case: Case, handler: Staff, quality: Staff) -> None:
    file = actions.attach(case.pk, PDF, "王芳的回单.pdf", by=handler, key="k1")
    assert actions.attach(case.pk, PDF, "王芳的回单.pdf", by=handler, key="k1") == file, "sent twice, it is one"
    assert last(case).told == {"file": {"id": str(file.pk), "sha256": file.sha256, "bytes": 14, "kind": "pdf"}}
    assert PDF not in files.VAULT.place(file.pk).read_bytes(), "encrypted"
    assert actions.fetch(case.pk, file.pk, by=handler)[1] == PDF
    assert AuditRecord.objects.filter(verb="complaint.file_read", on_id=case.number).count() == 1
    with pytest.raises(Fault, match="已在这件投诉里"):
        actions.attach(case.pk, PDF, "again.pdf", by=handler)
    with pytest.raises(Fault, match="请写明内容"):
        do(case, "detach", handler, file={"id": str(file.pk)})
    do(case, "detach", handler, file={"id": str(file.pk)}, words="传错了，是另一位客户的")
    with pytest.raises(ObjectDoesNotExist):
        actions.fetch(case.pk, file.pk, by=handler)
    assert actions.fetch(case.pk, file.pk, by=quality)[1] == PDF, "who keeps the archive can see what it was"
    assert files.clear(timezone.now() + 31 * DAY) == 1
    assert not files.VAULT.place(file.pk).exists()
    assert chain.verify()[1] == []


def test_who_may_not_know_the_people_fetches_nothing(case: Case, bank: Bank, handler: Staff, southerner: Staff) -> None:
    file = actions.attach(case.pk, PDF, "王芳.pdf", by=handler)
    looks = make.staff("1301", bank.north_branch, "inspector")
    with pytest.raises(PermissionDenied):
        actions.fetch(case.pk, file.pk, by=looks)
    with pytest.raises(ObjectDoesNotExist):
        actions.fetch(case.pk, file.pk, by=southerner)
    page = client(looks).get(reverse("complaint", args=[case.pk])).content.decode()
    assert "王芳" not in page
    assert f"{case.number}-3.pdf" in page, "by a neutral name"
    there = client(handler).get(reverse("complaint_file", args=[case.pk, file.pk]))
    assert (there["Content-Type"], there["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert there["Content-Disposition"].startswith("attachment")


def test_files_go_with_the_term_and_the_export_holds_their_hash(case: Case, handler: Staff, quality: Staff) -> None:
    file = actions.attach(case.pk, PDF, "王芳.pdf", by=handler)
    exported = exporting.export(quality)
    line = json.loads(exported.file.readline())
    assert [each["told"]["file"]["sha256"] for each in line["events"] if each["verb"] == "attach"] == [file.sha256]
    assert exported.checked.fault_count == 0
    do(case, "withdraw", handler, words="客户撤回")
    keeping.clear(timezone.now() + 366 * 6 * DAY)
    assert not CaseFile.objects.exists()
    assert chain.verify()[1] == []


def test_files_come_by_page_at_intake_and_later(bank: Bank, handler: Staff, settings: Any) -> None:
    there = client(handler)
    said = {"way": "phone", "unit": bank.north_branch.pk, "title": "年费", "text": "没说清", "complainant": "self",
            "key": "k"}  # fmt: skip
    bad = there.post(reverse("complaint_new"), said | {"enclosed": [SimpleUploadedFile("a.pdf", b"MZ\x90")]})
    assert bad.status_code == 422
    assert not Case.objects.exists(), "told before there is a case"
    for _ in range(2):
        there.post(reverse("complaint_new"), said | {"enclosed": [SimpleUploadedFile("通话.pdf", PDF)]})
    case = Case.objects.get()
    assert [each.kind for each in case.files.all()] == ["pdf"]
    page = there.get(reverse("complaint", args=[case.pk])).content.decode()
    assert "通话.pdf" in page
    settings.COMPLAINT_FILE_BYTES = 5
    answer = there.post(reverse("complaint_attach", args=[case.pk]),
                        {"key": "x", "file": SimpleUploadedFile("b.txt", b"123456")}, follow=True)  # fmt: skip
    assert "超过" in answer.content.decode()


# Contacts


def contact(case: Case, by: Staff, outcome: str, **said: Any) -> Case:
    return do(case, "contact", by, **{"medium": "phone", "direction": "out", "outcome": outcome} | said)


def test_a_call_nobody_answered_is_no_first_contact(bank: Bank, handler: Staff) -> None:
    case = actions.register(Receipt(way="phone", unit=bank.north_branch, title="年费", text="没说清"), by=handler)

    def first() -> Any:
        return history(case).clock("first_contact", timezone.now())

    contact(case, handler, "no_answer")
    contact(case, handler, "sent", medium="letter", words="已寄")
    assert first().met_at is None
    with pytest.raises(Fault, match="请写明内容"):
        contact(case, handler, "reached")
    contact(case, handler, "reached", words="客户要书面答复", direction="in")
    assert first().met_at is not None
    assert "首次联系" in first().limit.unsure, "law is silent: it is marked"
    assert last(case).told == {"medium": "phone", "direction": "in", "outcome": "reached"}


def test_an_agreed_call_back_stands_in_the_queue_until_they_have_spoken(case: Case, handler: Staff) -> None:
    do(case, "take", handler)
    with pytest.raises(Fault, match="约定回电的时间"):
        contact(case, handler, "call_back", words="下午再打")
    soon = timezone.now() + timedelta(minutes=1)
    contact(case, handler, "call_back", words="下午再打", call_back_at=soon)
    there = client(handler)
    assert 'id="call-backs"' in there.get(reverse("complaints")).content.decode()
    assert case.number in there.get(reverse("complaints") + "?only=call_back").content.decode()
    contact(case, handler, "no_answer")
    assert case.call_back_at is not None, "tried in vain, it is still owed"
    contact(case, handler, "reached", words="已说明")
    assert case.call_back_at is None
    page = there.get(reverse("complaint", args=[case.pk])).content.decode()
    assert "联系记录" in page
    assert page.count("无人接听") == 1, "in the list; the form comes when it is opened"


# Hand-over


def test_the_note_of_a_hand_over_stands_first_until_somebody_takes_it(
    case: Case, bank: Bank, handler: Staff, quality: Staff, southerner: Staff
) -> None:
    there, where = client(quality), reverse("complaint_do", args=[case.pk, "hand_over"])
    assert "南湖支行" in there.get(reverse("complaint_units"), {"field": "unit", "unit": "南湖"}).content.decode()
    several = there.post(where, {"key": "k", "unit": "支行", "words": "已核流水"}).content.decode()
    assert "南湖支行（S1）" in several, "where several fit, they are named"
    there.post(where, {"key": "k", "unit": "南湖支行", "words": "已核流水，还要问经办人"})
    case.refresh_from_db()
    assert case.unit == bank.south_branch
    page = client(southerner).get(reverse("complaint", args=[case.pk])).content.decode()
    assert "还没有人接手" in page
    assert "移交来，未接手" in client(southerner).get(reverse("complaints")).content.decode()
    do(case, "take", southerner)
    assert "还没有人接手" not in client(southerner).get(reverse("complaint", args=[case.pk])).content.decode()
    with pytest.raises(ObjectDoesNotExist):
        do(case, "note", handler, words="看不到了")


# Mentions


def test_who_is_called_upon_finds_it_in_a_list_and_who_may_not_see_it_is_refused(
    case: Case, handler: Staff, colleague: Staff, southerner: Staff
) -> None:
    do(case, "note", handler, words="请@李四看一下流水，联系 a@b.com，抄 @1102")
    assert last(case).told == {"mentions": ["1102"]}
    assert "李四" not in str(last(case).told)
    with pytest.raises(Fault, match="看不到这件投诉"):
        do(case, "note", handler, words="@赵南 看看")
    with pytest.raises(Fault, match="没有“@9999”"):
        do(case, "note", handler, words="@9999 看看")
    there = client(colleague)
    assert "提到我的" in there.get(reverse("complaints")).content.decode()
    api = caller(colleague)
    (item,) = api.get("/complaint-mentions?unseen=true").json()["items"]
    assert (item["case"], item["by"]) == (case.number, "1101")
    assert client(handler).post(reverse("complaint_mention_seen", args=[item["id"]])).status_code == 404
    there.post(reverse("complaint_mention_seen", args=[item["id"]]), {"open": "yes"})
    assert Mention.objects.get().seen_at is not None
    assert api.get("/complaint-mentions?unseen=true").json()["items"] == []
    assert "已看过" in there.get(reverse("complaint_mentions")).content.decode()


def test_two_of_one_name_are_told_apart_by_number(case: Case, bank: Bank, handler: Staff, colleague: Staff) -> None:
    make.staff("1103", bank.north_branch, "complaint_handler", name="李四")
    with pytest.raises(Fault, match="@1102、@1103"):
        do(case, "note", handler, words="@李四 看看")


# Deputies


def test_a_deputy_works_for_who_is_away_by_his_own_rights(
    case: Case, handler: Staff, colleague: Staff, southerner: Staff
) -> None:
    today = timezone.localdate()
    do(case, "assign", handler, to=handler)
    with pytest.raises(Fault, match="已分派给其他人"):
        do(case, "take", colleague)
    with pytest.raises(Fault, match="没有办理权限"):
        actions.name_deputy(handler, southerner, today, today, by=handler)
    with pytest.raises(PermissionDenied):
        actions.name_deputy(handler, colleague, today, today, by=southerner)
    named = actions.name_deputy(handler, colleague, today, today + DAY, by=handler)
    with pytest.raises(Fault, match="已有代班安排"):
        actions.name_deputy(handler, colleague, today, today, by=handler)
    queue = client(colleague).get(reverse("complaints") + "?whose=mine").content.decode()
    assert "代 韩七" in queue
    do(case, "take", colleague)
    assert (last(case).by, last(case).told) == (colleague, {"deputy_of": "1101"})
    assert case.handler == handler, "back again, she has it again"
    assert "（代 1101）" in client(colleague).get(reverse("complaint", args=[case.pk])).content.decode()
    actions.end_deputy(named.pk, by=handler)
    do(case, "note", colleague, words="x")
    assert last(case).told == {}, "for himself"
    assert AuditRecord.objects.filter(verb__startswith="complaint.deputy").count() == 2


def test_recusal_holds_against_both(bank: Bank, case: Case, handler: Staff, colleague: Staff) -> None:
    today = timezone.localdate()
    actions.name_deputy(handler, colleague, today, today, by=handler)
    do(case, "accuse", colleague, accused=(handler,))
    with pytest.raises(Fault, match="代班的同事是被投诉人"):
        do(case, "take", colleague)


def test_who_is_away_gets_nothing_new_without_a_word(case: Case, handler: Staff, colleague: Staff) -> None:
    today = timezone.localdate()
    actions.name_deputy(colleague, handler, today, today + DAY, by=colleague)
    with pytest.raises(Fault, match=r"韩七（1101） 代班"):
        do(case, "assign", handler, to=colleague)
    page = client(handler).get(reverse("complaint_do", args=[case.pk, "assign"])).content.decode()
    assert "不在岗至" in page
    do(case, "assign", handler, to=colleague, is_confirmed=True)
    assert last(case).told == {"to": "1102", "although_away": True}


# By API


def test_other_systems_do_the_same(case: Case, handler: Staff, colleague: Staff) -> None:
    office, there = caller(handler), f"/complaints/{case.number}"
    sent = {"file": SimpleUploadedFile("王芳.exe", PDF)}
    made = office.client.post(f"{ROOT}{there}/files", sent, headers=office.headers)
    assert made.status_code == 201, made.content.decode()
    file = made.json()
    assert (file["name"], file["kind"]) == ("王芳.exe.pdf", "pdf")
    assert office.get(f"{there}/files").json() == [file]
    assert office.get(f"{there}/files/{file['id']}").content == PDF
    gone = office.post(f"{there}/detach", {"file": file["id"], "words": "传错"})
    assert gone.status_code == 200, gone.content.decode()
    assert office.get(f"{there}/files/{file['id']}").status_code == 404
    called = {"medium": "phone", "direction": "out", "outcome": "no_answer"}
    assert office.post(f"{there}/contact", called).json()["timeline"][-1]["told"] == called
    assert office.post(f"{there}/contact", {}).json()["code"] == "no_contact"
    day = str(timezone.localdate())
    made = office.post("/complaint-absences", {"deputy": "1102", "from_on": day, "until_on": day})
    assert made.status_code == 201, made.content.decode()
    assert made.json()["out_of_sight"] == 0
    assert office.post(f"{there}/assign", {"to": "1101"}).json()["code"] == "receiver_away"
    assert [each["deputy"] for each in caller(colleague).get("/complaint-absences").json()] == ["1102"]
    assert office.post(f"/complaint-absences/{made.json()['id']}/end", {}).json()["ended_at"]
    assert office.post(f"{there}/assign", {"to": "1101"}).status_code == 200


def test_rows_made_of_lines_are_made_anew_and_told(case: Case, handler: Staff, colleague: Staff) -> None:
    kept = actions.attach(case.pk, PDF, "回单.pdf", by=handler)
    withdrawn = actions.attach(case.pk, PDF + b" ", "别人的.pdf", by=handler)
    do(case, "detach", handler, words="传错了", file={"id": str(withdrawn.pk)})
    do(case, "note", handler, words="@1102 请看")
    assert list(projecting.rebuild(timezone.now())) == []
    Mention.objects.all().delete()
    CaseFile.objects.filter(pk=kept.pk).delete()
    CaseFile.objects.filter(pk=withdrawn.pk).update(withdrawn_at=None)
    assert list(projecting.rebuild(timezone.now())) == [(case.number, ["files", "mentions"])]
    assert actions.fetch(case.pk, kept.pk, by=handler)[1] == PDF, "its content was there all the time"
    assert CaseFile.objects.get(pk=withdrawn.pk).withdrawn_at is not None
    assert list(Mention.objects.values_list("staff__number", flat=True)) == ["1102"]
    assert list(projecting.rebuild(timezone.now())) == []


def test_who_makes_himself_a_deputy_waits_until_she_confirms_it(
    case: Case, handler: Staff, colleague: Staff, bank: Bank
) -> None:
    manager = make.staff("1100", bank.north_branch, "branch_manager", name="郑九")
    today = timezone.localdate()
    named = actions.name_deputy(handler, manager, today, today, by=manager)
    assert absences.away(handler) is None, "it does not hold yet"
    with pytest.raises(Fault, match="另一位"):
        actions.confirm_deputy(named.pk, by=manager)
    assert "确认代班" in client(handler).get("/complaints/deputies/").content.decode()
    client(handler).post(f"/complaints/deputies/{named.pk}/confirm/")
    assert absences.away(handler) == named
    with pytest.raises(Fault, match="自己也不在岗"):
        actions.name_deputy(colleague, handler, today, today, by=colleague)
    offered = client(colleague).get("/complaints/staff/", {"field": "deputy", "deputy": "韩"}).content.decode()
    assert "1101" not in offered, "who is away is not offered"
    with pytest.raises(Fault, match="要代"):
        actions.name_deputy(manager, colleague, today, today, by=manager)


def test_many_are_assigned_to_who_is_found_by_name(case: Case, handler: Staff, colleague: Staff, bank: Bank) -> None:
    manager = make.staff("1100", bank.north_branch, "branch_manager", name="郑九")
    page = client(manager).get("/complaints/").content.decode()
    assert "/complaints/staff/" in page, "found while one types"
    client(manager).post("/complaints/assign/", {"cases": [case.pk], "number": "李四", "key": "k"})
    case.refresh_from_db()
    assert case.handler == colleague
