"""Does an old register come in with its history, once, and without a word to anybody?"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.access.sealing import seal
from huixiang.apps.complaints import actions, chain, old_guest
from huixiang.apps.complaints.actions import Doing
from huixiang.apps.complaints.actions.bringing import PORTION
from huixiang.apps.complaints.models import Case, CaseNumber, Delivery, Notice, OldNumber, Webhook
from huixiang.apps.complaints.projecting import rebuild
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.apps.feedback.quarantine import fields
from huixiang.channels import export, old_registers
from huixiang.web.cli import main
from tests import make
from tests.apps.api import caller
from tests.make import Bank

HEAD = (
    "工单编号,投诉时间,投诉来源,承办机构,投诉内容,客户诉求,投诉人姓名,联系电话,受理时间,不予受理时间,"
    "不予受理理由,延期时间,审批级别,答复时间,处理结果,结案时间,撤诉时间,赔付金额,经办人,状态,延期类型"
)
WHOLE = (
    "A-1,2024-03-04 10:00,来电,北山支行,理财亏损，我的电话13800138000,退还本金,王芳,13800138000,"
    "2024-03-06,,,,,2024-03-14,已向王芳说明并退费,2024-03-20,,120.50,1101,已结案,"
)
OPEN = "A-2,{day} 10:00,信件,N1,排队太久,,李明,,{day},,,,,,,,,,林先生,处理中,"
REFUSED = "A-3,2024-05-06,监管转办,N1,与本行无关,,,,,2024-05-08,被投诉的不是本行,,,,,,,,,不予受理,"
LONGER = "A-4,2024-05-06,电话,N1,贷款纠纷,,,,2024-05-07,,,2024-05-16,上级机构,2024-06-20,已答复,2024-06-28,,,,办结,"
TOO_EARLY = "A-5,2024-05-06,电话,N1,刷卡失败,,,,2024-05-07,,,,,2024-05-02,已答复,,,,,,"
NOT_ANSWERED = "A-6,2024-05-06,电话,N1,刷卡失败,,,,2024-05-07,,,,,,,2024-05-09,,,,,"
WRONG_STATE = "A-7,2024-05-06,电话,N1,刷卡失败,,,,2024-05-07,,,,,,,,,,,已结案,"
NO_APPROVAL = "A-8,2024-05-06,电话,N1,贷款纠纷,,,,2024-05-07,,,2024-05-16,,2024-06-20,已答复,,,,,,特别复杂"
NO_UNIT = "A-9,2024-05-06,电话,N9,刷卡失败,,,,2024-05-07,,,,,,,,,,,,"
AGAIN = WHOLE.replace("理财亏损", "又一次")


def register(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8-sig")
    return path


def open_row() -> str:
    return OPEN.format(day=(timezone.localdate() - timedelta(days=20)).isoformat())


@pytest.fixture(autouse=True)
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler")


@pytest.fixture
def listener(quality: Staff) -> Webhook:
    sealed = seal({"secret": "whsec_AAAA"})
    return Webhook.objects.create(name="x", url="https://crm.bank.example/", sealed=sealed, by=quality)


def verbs(number: str) -> list[str]:
    case = OldNumber.objects.get(number=number).case
    return [event.verb for event in case.events.order_by("seq")]


def test_good_rows_come_in_with_their_history_and_contradictions_wait(
    bank: Bank, quality: Staff, tmp_path: Path, listener: Webhook
) -> None:
    rows = [WHOLE, open_row(), REFUSED, LONGER, TOO_EARLY, NOT_ANSWERED, WRONG_STATE, NO_APPROVAL, NO_UNIT, AGAIN]
    place = register(tmp_path / "台账.csv", *rows)
    assert main(["complaints", "import", str(place)]) == 1, "rows wait to be mended"
    assert verbs("A-1") == ["register", "accept", "assign", "take", "decide", "reply", "close"]
    assert verbs("A-2") == ["register", "accept", "take"]
    assert verbs("A-3") == ["register", "refuse"]
    assert verbs("A-4")[3:] == ["ask_extension", "approve_extension", "extend", "decide", "reply", "close"]
    whole = Case.objects.get(old_number__number="A-1")
    assert (whole.number, whole.state, whole.way, whole.unit) == ("2024-000001", "closed", "phone", bank.north_branch)
    assert (whole.handler.number, timezone.localdate(whole.ended_at)) == ("1101", date(2024, 3, 20))
    assert whole.events.get(verb="decide").told == {"fen": 12_050, "source": "old_register"}
    told = str(list(Case.objects.values("title", "text", "demand"))) + str(
        [list(case.events.values_list("told", flat=True)) for case in Case.objects.all()]
    )
    assert not any(word in told for word in ("13800138000", "王芳", "林先生"))
    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0), "nobody is told"
    late = Case.objects.get(old_number__number="A-2")
    assert (late.is_open, late.is_late) == (True, True), "its clocks go on"
    assert chain.verify()[1] == []
    assert list(rebuild(timezone.now())) == []
    waiting = {row.row: (row.column, row.message) for row in Quarantined.objects.all()}
    assert {row: column for row, (column, _message) in waiting.items()} == {
        6: "答复时间", 7: "结案时间", 8: "状态", 9: "审批级别", 10: "承办机构"
    }  # fmt: skip
    imported = Import.objects.get()
    assert old_guest.counts(imported) == {"rows": 10, "new": 4, "same": 1, "quarantined": 5}


def test_what_came_after_the_reply_and_what_stopped_the_clock_come_in_from_a_workbook(
    bank: Bank, quality: Staff, tmp_path: Path
) -> None:
    head = ["工单编号", "投诉时间", "承办机构", "投诉内容", "受理时间", "暂停时间", "暂停理由", "恢复时间", "延期时间",
            "答复时间", "异议时间", "调解时间", "调解不成时间", "申请核查时间", "核查决定时间", "核查告知时间",
            "结案时间", "状态"]  # fmt: skip
    whole = ["B-1", "2024-03-04", "N1", "房屋评估", "2024-03-05", "2024-03-06", "鉴定", "2024-03-20", "2024-03-25",
             "2024-04-10", "2024-04-12", "2024-04-15", "2024-04-20", "2024-04-25", "2024-05-15", "2024-05-16",
             "2024-05-20", "已办结"]  # fmt: skip
    mediated = ["B-2", "2024-03-04", "N1", "收费", "2024-03-05", *[""] * 4, "2024-03-10", "2024-03-11", "2024-03-12",
                *[""] * 5, "调解中"]  # fmt: skip
    no_reason = ["B-3", "2024-03-04", "N1", "收费", "2024-03-05", "2024-03-06", *[""] * 12]
    too_soon = ["B-4", "2024-03-04", "N1", "收费", "2024-03-05", *[""] * 8, "2024-03-10", *[""] * 4]
    place = tmp_path / "台账.xlsx"
    export.write_sheet(place, "台账", head, [whole, mediated, no_reason, too_soon], {})
    assert main(["complaints", "import", str(place)]) == 1
    assert verbs("B-1") == ["register", "accept", "take", "pause", "resume", "ask_extension", "extend", "decide",
                            "reply", "dispute", "mediate", "fail_mediation", "apply_review", "decide_review",
                            "tell_review", "close"]  # fmt: skip
    assert Case.objects.get(old_number__number="B-2").state == "mediation"
    assert {row.row: row.column for row in Quarantined.objects.all()} == {4: "暂停时间", 5: "申请核查时间"}
    assert list(rebuild(timezone.now())) == []


def test_the_same_register_again_counts_once_and_another_register_is_another(
    bank: Bank, quality: Staff, tmp_path: Path
) -> None:
    place = register(tmp_path / "a.csv", WHOLE, REFUSED)
    assert main(["complaints", "import", str(place)]) == 0
    assert main(["complaints", "import", str(register(tmp_path / "b.csv", REFUSED, WHOLE, LONGER))]) == 0
    assert (Case.objects.count(), CaseNumber.objects.get(year=2024).last) == (3, 3)
    other = tmp_path / "m.toml"
    other.write_text('register = "信用卡中心"\n', encoding="utf-8")
    assert main(["complaints", "import", str(place), "--mapping", str(other)]) == 0
    assert Case.objects.count() == 5


def test_killed_half_way_it_goes_on_without_doubles(
    bank: Bank, quality: Staff, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    """SIGKILL once the first portion is there; the same command then brings the rest, and counts each row once."""
    rows = [WHOLE.replace("A-1,", f"A-1{n},") for n in range(3 * PORTION)]
    place = register(tmp_path / "a.csv", *rows, REFUSED)
    code = "import sys; from huixiang.web.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "complaints", "import", str(place)]
    first = subprocess.Popen(command, env=elsewhere, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while first.poll() is None and not Case.objects.exists():
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    assert Case.objects.count() in {PORTION, 2 * PORTION, 3 * PORTION}, "a portion is there as a whole, or not at all"
    assert main(["complaints", "import", str(place)]) == 0
    brought = 3 * PORTION + 1
    assert Case.objects.count() == OldNumber.objects.values("number").distinct().count() == brought
    assert CaseNumber.objects.get(year=2024).last == brought, "no number was left out"
    assert old_guest.counts(Import.objects.get()) == {"rows": brought, "new": brought, "same": 0, "quarantined": 0}
    assert chain.verify() == (3 * PORTION * 7 + 2, [])


def test_a_row_is_mended_and_an_open_case_goes_on_by_hand(
    bank: Bank, quality: Staff, tmp_path: Path, listener: Webhook
) -> None:
    main(["complaints", "import", str(register(tmp_path / "a.csv", open_row(), TOO_EARLY, NO_UNIT))])
    row = Quarantined.objects.get(column="答复时间")
    feedback.mend_row(row, {**fields(row), "答复时间": "2024-05-20"}, by=quality)
    assert verbs("A-5")[-1] == "reply"
    assert old_guest.counts(Import.objects.get())["new"] == 2
    case = Case.objects.get(old_number__number="A-2")
    client = make.client(quality)
    page = client.get(f"/complaints/{case.pk}/").content.decode()
    assert "由旧登记簿导入" in page
    assert "A-2" in page
    found = client.get("/complaints/", {"number": "A-2"}).content.decode()
    assert case.number in found, "found by its old number"
    actions.do(case.pk, "note", Doing(words="来电"), by=quality)
    assert [sent.kind for sent in Delivery.objects.all()] == ["complaint.note"], "what happens from now on is told"


def test_by_page_and_by_api_columns_are_guessed_and_units_are_kept_to(bank: Bank, quality: Staff) -> None:
    def file(*rows: str) -> SimpleUploadedFile:
        return SimpleUploadedFile("台账.csv", "\n".join([HEAD, *rows]).encode())

    client = make.client(quality)
    client.post("/complaints/import/", {"go": "upload", "file": file(WHOLE, TOO_EARLY)})
    page = client.get("/complaints/import/").content.decode()
    assert "1 行可以导入，1 行有误" in page
    columns = old_registers.guessed(HEAD.split(","))
    client.post("/complaints/import/", {"go": "bring", **{f"column {name}": each for name, each in columns.items()}})
    jobs.perform.call(str(Job.objects.get(kind="import").pk))
    assert verbs("A-1")[0] == "register"
    assert "台账.csv" in client.get("/complaints/import/").content.decode()
    answer = caller(quality).upload(file(WHOLE, LONGER), to="/complaint-imports")
    assert answer.status_code == 202, answer.content
    jobs.perform.call(str(Job.objects.filter(kind="import", state="waiting").get().pk))
    account = caller(quality).get(f"/complaint-imports/{answer.json()['id']}").json()
    assert (account["new"], account["same"], account["state"]) == (1, 1, "finished")
    branch = make.staff("1103", bank.north_branch, "branch_manager")
    assert make.client(branch).get("/complaints/import/").status_code in {403, 404}


def test_headings_of_many_banks_are_known() -> None:
    assert len(old_registers.guessed(HEAD.split(","))) == len(HEAD.split(","))
    found = old_registers.guessed(["登记编号", "收到日期", "投诉渠道", "机构号", "投诉事由", "办结日期", "客户编号"])
    assert set(found) == {"number", "received_at", "way", "unit", "text", "closed_at", "customer_number"}
    assert old_registers.mapping('[columns]\nnumber = "号"\n').fields == {"number": "号"}
