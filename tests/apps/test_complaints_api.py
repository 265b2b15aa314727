"""Can another system of the bank do all that a person can with a complaint, and no more?"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any, get_args
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import actions, chain, files
from huixiang.apps.complaints.actions import Receipt
from huixiang.apps.complaints.models import Case, Event
from huixiang.domain.complaints.acting import REMEDIES
from huixiang.domain.complaints.lifecycle import VERBS
from huixiang.domain.complaints.periods import period_of
from huixiang.domain.complaints.states import OPEN
from huixiang.web.api.complaint_verbs import PARTS
from huixiang.web.api.complaints import OpenState
from tests import make
from tests.apps.api import ROOT, Caller, caller
from tests.make import Bank

PHONE = "13800138000"
ANGRY = {"way": "phone", "unit": "N1", "title": "理财亏损", "text": f"亏了一半，我的电话 {PHONE}", "demand": "退还本金",
         "people": [{"name": "王芳", "phone": PHONE}]}  # fmt: skip

STEPS = ["register", "acknowledge", "accept", "contact", "contact", "assign", "take", "attach", "classify",
         "ask_extension", "approve_extension", "extend", "propose", "approve", "reply", "dispute", "apply_review",
         "decide_review", "tell_review", "close", "archive"]  # fmt: skip


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


@pytest.fixture
def office(handler: Staff) -> Caller:
    return caller(handler)


def registered(office: Caller, **changed: Any) -> str:
    answer = office.post("/complaints", ANGRY | changed)
    assert answer.status_code == 201, answer.content.decode()
    return str(answer.json()["number"])


def done(office: Caller, number: str, verb: str, **said: Any) -> Any:
    answer = office.post(f"/complaints/{number}/{verb}", said)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def now() -> str:
    return timezone.now().isoformat()


def test_a_whole_case_goes_from_the_angry_call_to_the_archive_by_api(
    bank: Bank, handler: Staff, office: Caller, quality: Staff
) -> None:
    """As tests/browser/test_complaints.py does by the pages: who stands above the branch leads the region."""
    above = caller(make.staff("1201", bank.north, "branch_manager", name="卫八"))
    top = caller(quality)
    angry = ANGRY | {"text": f"{ANGRY['text']}，再不解决就找记者曝光"}
    answer = office.post("/complaints", angry, key="call-1")
    receipt = answer.json()
    again = office.post("/complaints", angry, key="call-1")
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (receipt, "true")
    assert Case.objects.count() == 1, "asked again with the same key, it is one case"
    assert (receipt["reply"]["limit"], receipt["reply"]["unit"]) == (15, "calendar_days")
    assert "令2020年第3号" in receipt["reply"]["clause"]
    number = receipt["number"]
    there = f"/complaints/{number}"
    assert office.get("/complaint-risks").json()[0]["is_for_you"] is False
    assert above.get("/complaint-risks").json()[0]["is_for_you"] is True
    done(above, number, "acknowledge")
    assert above.get("/complaint-risks").json() == []
    done(office, number, "accept", told_at=now(), medium="phone", words="电话告知")
    call = {"medium": "phone", "direction": "out"}
    done(office, number, "contact", outcome="no_answer", **call)
    done(office, number, "contact", outcome="reached", words="客户要书面答复", **call)
    done(office, number, "assign", to=handler.number)
    done(office, number, "take")
    file = {"file": SimpleUploadedFile("领用合约.pdf", b"%PDF-1.7\n%%EOF")}
    kept = office.client.post(f"{ROOT}{there}/files", file, headers=office.headers).json()
    assert office.get(f"{there}/files/{kept['id']}").content.startswith(b"%PDF")
    proposed = {each["axis"]: each["code"] for each in office.get(f"{there}/proposed-classes").json()}
    assert proposed["business"].startswith("B.")
    chosen = {axis: code for axis, code in proposed.items() if code}
    done(office, number, "classify", classes=chosen | {"responsibility": "part"})
    done(office, number, "ask_extension", rule="complex", words="须调取录音")
    done(above, number, "approve_extension")
    longer = done(office, number, "extend", told_at=now(), medium="phone")
    assert longer["next_due_on"] > receipt["reply"]["due"]
    dear = {"words": "退还手续费，补偿 800 元", "fen": 80_000}
    assert office.post(f"{there}/decide", dear).json()["code"] == "needs_other_eyes"
    done(office, number, "propose", **dear)
    assert office.post(f"{there}/approve", {}).status_code == 404
    done(above, number, "approve")
    draft = office.get(f"{there}/drafts/reply").json()
    whole = {"names_grounds": True, "remedies": ["review", "mediation", "arbitration", "litigation"],
             "told_at": now(), "medium": "letter", "letter": draft["letter"]}  # fmt: skip
    assert "还没有写完" in office.post(f"{there}/reply", whole | {"words": draft["words"]}).json()["detail"]
    words = re.sub("〔请填写：[^〕]*〕", "经核对录音，补偿 800 元", draft["words"])
    replied = done(office, number, "reply", words=words, **whole)
    assert (replied["state"], replied["next_due_on"]) == ("replied", None)
    letter = office.get(f"{there}/letters/{replied['timeline'][-1]['seq']}/pdf")
    assert (letter["Content-Type"], letter.content[:4]) == ("application/pdf", b"%PDF")
    assert office.get(f"{there}/letters/1/pdf").status_code == 404, "the receipt of a call is no letter"
    done(office, number, "dispute", words="赔偿太少")
    done(office, number, "apply_review")
    assert above.post(f"{there}/decide_review", {"words": "维持"}).json()["code"] == "own_work", "she approved it"
    done(top, number, "decide_review", words="维持")
    done(top, number, "tell_review", words="核查维持原决定", told_at=now(), medium="phone")
    done(office, number, "close")
    case = done(top, number, "archive")
    assert [line["verb"] for line in case["timeline"]] == STEPS
    assert PHONE not in case["text"]
    assert case["verbs"] == [], "nothing can be done to it any more"
    _is_counted_and_proved(top, case)


def test_a_complaint_comes_with_its_files_in_one_step_or_not_at_all(
    bank: Bank, office: Caller, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sent(*brought: SimpleUploadedFile, key: str = "k") -> Any:
        for each in brought:
            each.seek(0)
        form = {"complaint": json.dumps(ANGRY), "files": list(brought)}
        headers = office.headers | {"Idempotency-Key": key}
        return office.client.post(f"{ROOT}/complaint-registrations", form, headers=headers)

    contract = SimpleUploadedFile("领用合约.pdf", b"%PDF-1.7\n%%EOF")
    note = SimpleUploadedFile("说明.txt", "柜员没有说明费用".encode())
    program = SimpleUploadedFile("回单.pdf", b"MZ\x90\x00" + b"\0" * 64)
    refused = sent(contract, program)
    assert refused.status_code == 422
    assert "回单.pdf" in refused.json()["detail"]
    left = [each for each in files.VAULT.place(uuid4()).parents[1].rglob("*") if each.is_file()]
    assert (Case.objects.count(), left) == (0, [])
    most, settings.COMPLAINT_FILES_BYTES = settings.COMPLAINT_FILES_BYTES, 20
    with monkeypatch.context() as unasked:
        unasked.setattr(files, "bring", lambda *_: pytest.fail("sealed before it was counted"))
        assert "合计超过" in sent(contract, note, key="much").json()["detail"]
    settings.COMPLAINT_FILES_BYTES = most
    taken = sent(contract, note)
    assert taken.status_code == 201, taken.content.decode()
    number = taken.json()["number"]
    again = sent(contract, note)
    assert (again.json()["number"], again.headers["Idempotency-Replayed"]) == (number, "true")
    kept = office.get(f"/complaints/{number}/files").json()
    assert (len(kept), kept[0]["kind"]) == (2, "pdf")
    assert Case.objects.count() == 1
    wrong = office.client.post(f"{ROOT}/complaint-registrations", {"complaint": "{", "files": [contract]},
                               headers=office.headers)  # fmt: skip
    assert wrong.status_code == 422


def _is_counted_and_proved(top: Caller, case: dict[str, Any]) -> None:
    period = period_of(timezone.localdate()).code
    figures = top.get("/complaint-returns", period=period).json()["figures"]
    assert figures["totals"]["now"]["received"] == 1
    assert chain.verify() == (len(STEPS), [])
    *lines, end = (json.loads(line) for line in top.get("/complaint-export").getvalue().splitlines())
    assert (end["cases"], end["events"]) == (1, len(STEPS))
    assert [event["hash"] for event in lines[0]["events"]] == [line["hash"] for line in case["timeline"]]


def test_what_stands_in_the_way_is_told_with_its_code(bank: Bank, office: Caller) -> None:
    number = registered(office)
    refused = office.post(f"/complaints/{number}/accept", {})
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert (refused.json()["code"], refused.json()["detail"]) == (
        "not_told",
        "还没有告知投诉人：请写明何时、如何告知",
    )
    assert office.post(f"/complaints/{number}/close", {}).json()["code"] == "wrong_state"
    unasked = office.post(f"/complaints/{number}/take", {"fen": 5}).json()
    assert unasked["errors"][0]["pointer"].endswith("fen"), "what a verb does not ask for is not passed over"
    assert Event.objects.count() == 1, "what was refused left no line"


def test_the_case_tells_its_clocks_and_what_may_be_done(bank: Bank, office: Caller, manager: Staff) -> None:
    number = registered(office)
    done(office, number, "accept", told_at=now(), words="王芳接的电话")
    case = office.get(f"/complaints/{number}").json()
    reply = next(clock for clock in case["clocks"] if clock["clock"] == "reply")
    due = timezone.localtime().date() + timedelta(days=15)
    assert (reply["state"], reply["due"], reply["version"]) == ("running", str(due), case["pack"]["version"])
    assert {"take", "note", "assign"} <= {offer["verb"] for offer in case["verbs"]}
    assert case["timeline"][1]["words"] == "王芳接的电话"
    done(office, number, "assign", to=manager.number)
    take = next(o for o in office.get(f"/complaints/{number}").json()["verbs"] if o["verb"] == "take")
    assert take["why_not"]["code"] == "not_yours"


def test_words_and_identities_only_with_the_right_and_each_look_is_recorded(
    bank: Bank, handler: Staff, office: Caller
) -> None:
    number = registered(office)
    done(office, number, "note", words="王芳情绪激动")
    blind = caller(handler, "complaint.see")
    line = blind.get(f"/complaints/{number}").json()["timeline"][1]
    assert (line["has_words"], line["words"]) == (True, None)
    assert blind.post(f"/complaints/{number}/people").status_code == 404
    (person,) = office.post(f"/complaints/{number}/people").json()
    assert person == {"role": "complainant", "identity": {"name": "王芳", "phone": PHONE}}
    assert AuditRecord.objects.filter(verb="complaint.identity_read", on_id=number).count() == 1


def test_other_units_and_who_is_complained_of_see_nothing(bank: Bank, office: Caller, manager: Staff) -> None:
    number = registered(office, accused=[manager.number])
    southern = make.staff("2101", bank.south_branch, "complaint_handler")
    for other in (caller(manager), caller(southern)):
        assert other.get("/complaints").json()["items"] == []
        assert other.get(f"/complaints/{number}").status_code == 404
        assert other.post(f"/complaints/{number}/note", {"words": "x"}).status_code == 404
    assert office.post(f"/complaints/{number}/assign", {"to": manager.number}).status_code == 422


def test_the_queue_is_read_to_its_end_page_by_page(bank: Bank, office: Caller) -> None:
    numbers = {registered(office, title=f"第 {n} 件") for n in range(3)}
    first = office.get("/complaints", limit=2).json()
    rest = office.get("/complaints", limit=2, after=first["next"]).json()
    assert {each["number"] for each in first["items"] + rest["items"]} == numbers
    assert rest["next"] is None
    assert office.get("/complaints", whose="mine").json()["items"] == []


def test_many_are_assigned_at_once_and_each_is_told_apart(bank: Bank, handler: Staff, office: Caller) -> None:
    ready, raw = registered(office), registered(office)
    done(office, ready, "accept", told_at=now())
    asked = {"numbers": [ready, raw, "2020-999999"], "to": handler.number, "words": "请办理"}
    told = {each["number"]: each["refused"] for each in office.post("/complaint-assignments", asked).json()}
    assert told[ready] is None
    assert (told[raw]["code"], told["2020-999999"]["code"]) == ("wrong_state", "missing")
    assert Case.objects.get(number=ready).handler == handler


def test_two_cases_become_one_and_two_again(bank: Bank, office: Caller) -> None:
    one, other = registered(office), registered(office)
    before = office.get(f"/complaints/{other}").json()
    assert done(office, other, "merge", other=one)["merged_into"] == one
    assert office.get(f"/complaints/{one}").json()["merged"] == [other]
    assert done(office, other, "split")["state"] == before["state"]


def test_the_rules_are_told_with_their_clauses(bank: Bank, office: Caller) -> None:
    (pack,) = [each for each in office.get("/complaint-rules").json() if each["code"] == "cn-2020"]
    assert pack["holds_today"]
    whole = office.get("/complaint-rules/cn-2020").json()
    assert all(clock["clause"] for clock in whole["clocks"])
    due = office.get("/complaint-rules/cn-2020/simple/due", received_at="2026-09-28T16:00+08:00").json()
    assert next(clock for clock in due["clocks"] if clock["clock"] == "reply")["due"] == "2026-10-13"


@pytest.mark.parametrize("ask", sorted({ask for verb in VERBS.values() for ask in verb.asks}))
@pytest.mark.one_database
def test_whatever_a_verb_asks_can_be_said_by_api(ask: str) -> None:
    assert PARTS[ask]


@pytest.mark.one_database
def test_the_queue_can_be_narrowed_to_every_open_state() -> None:
    assert set(get_args(OpenState)) == OPEN


def test_an_agent_without_a_mandate_is_asked_for_it_and_only_then_accepted(
    bank: Bank, handler: Staff, office: Caller
) -> None:
    assert office.post("/complaints", ANGRY | {"complainant": "agent"}).status_code == 422, "who is it?"
    agent = {"complainant": "agent", "people": [{"role": "agent", "name": "李四"}]}
    number = registered(office, **agent)
    refused = office.post(f"/complaints/{number}/accept", {"told_at": now()})
    assert refused.json()["code"] == "no_mandate"
    asked = done(office, number, "ask_mandate", told_at=now(), words="请补交原件")
    assert [each["paused"] for each in asked["clocks"]] == [0] * len(asked["clocks"]), (
        "no rule lets a clock stop for it"
    )
    done(office, number, "check_mandate", mandate="held", words="已收")
    assert done(office, number, "accept", told_at=now())["state"] == "accepted"
    assert office.post("/complaints", ANGRY | agent | {"has_mandate": True}).status_code == 201
    case = actions.register(Receipt("phone", bank.north_branch, "t", "t"), by=handler)
    assert case.number == f"{timezone.localdate().year}-000003"


def test_what_is_dated_back_counts_as_it_is_told_and_everybody_sees_the_gap(
    bank: Bank, office: Caller, manager: Staff, settings: Any
) -> None:
    """A reply told in time and written down long after the limit: it counts, is flagged, and shown to who approves."""
    settings.COMPLAINT_BACKDATE_DAYS = 20
    received, told = timezone.now() - timedelta(days=30), timezone.now() - timedelta(days=16)
    number = registered(office, received_at=received.isoformat())
    for verb, said in (("accept", {"told_at": told.isoformat()}), ("take", {}), ("decide", {"words": "退还"})):
        done(office, number, verb, at=told.isoformat(), **said)
    whole = {"words": "已核实", "told_at": told.isoformat(), "names_grounds": True, "remedies": sorted(REMEDIES)}
    too_far = (timezone.now() - timedelta(days=21)).isoformat()
    refused = office.post(f"/complaints/{number}/reply", whole | {"at": too_far, "told_at": too_far})
    assert "补录最多往前 20 天" in refused.json()["detail"]
    case = done(office, number, "reply", at=told.isoformat(), **whole)
    reply = next(clock for clock in case["clocks"] if clock["clock"] == "reply")
    assert (reply["state"], reply["met_entered_at"] > reply["met_at"]) == ("met", True)
    assert AuditRecord.objects.filter(verb="complaint.turn", detail__backdated_minutes__gte=16 * 24 * 60).exists()
    page, pk = make.client(manager), Case.objects.get(number=number).pk
    shown = page.get(f"/complaints/{pk}/").content.decode()
    assert "按补录的时间计" in shown
    assert "按录入时间已超期" in shown
    assert "只因补录才没有超期" in page.get("/complaints/backdated/").content.decode()
    assert f"/complaints/{pk}/#history" in page.get("/complaints/register/").content.decode()


def test_what_has_ended_comes_the_latest_first_as_on_the_page(bank: Bank, office: Caller) -> None:
    numbers = [registered(office, received_at=(timezone.now() - timedelta(days=days)).isoformat()) for days in (9, 3)]
    for number in numbers:
        done(office, number, "withdraw", words="不投诉了")
    first = office.get("/complaints", only="ended", limit=1).json()
    rest = office.get("/complaints", only="ended", limit=1, after=first["next"]).json()
    assert [each["number"] for each in (*first["items"], *rest["items"])] == numbers[::-1]
    assert rest["next"] is None
