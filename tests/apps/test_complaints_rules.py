"""How does a rule change? Proposed as a file, held against last year's cases, let through by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions, packs
from huixiang.apps.complaints.actions import Doing, Receipt
from huixiang.apps.complaints.models import PackDraft, RulePack
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.rulebook import shipped_text
from tests import make
from tests.apps.api import caller
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


@pytest.fixture
def second(bank: Bank) -> Staff:
    return make.staff("0002", bank.head_office, "quality_manager", name="钱二")


def shorter(days_ahead: int = 30) -> str:
    """Ten days in place of fifteen, from next month on."""
    text = shipped_text("cn-2020") or ""
    day = timezone.localdate() + timedelta(days=days_ahead)
    text = text.replace("effective_from = 2020-03-01", f"effective_from = {day}")
    text = text.replace('version = "2020-03-01"', 'version = "2027"')
    return text.replace("simple = 15, complex = 30", "simple = 10, complex = 30")


def test_a_rule_is_proposed_replayed_and_let_through_by_another(bank: Bank, quality: Staff, second: Staff,
                                                                handler: Staff) -> None:  # fmt: skip
    received = timezone.now() - timedelta(days=12)
    case = actions.register(Receipt("phone", bank.north_branch, "年费", "收了年费", received_at=received), by=handler)
    page = make.client(quality)
    page.post("/complaints/rules/new/", {"text": shorter()})
    draft = PackDraft.objects.get()
    there = page.get(f"/complaints/rules/drafts/{draft.pk}/").content.decode()
    assert "期限 reply 对规则 simple：由 15 改为 10" in there
    with pytest.raises(Fault, match="还没有重演"):
        actions.approve_pack(draft, by=second)
    page.post(f"/complaints/rules/drafts/{draft.pk}/replay/")
    jobs.perform.func(str(PackDraft.objects.get().job_id))
    assert "重演了 1 件：1 件会另作判断" in page.get(f"/complaints/rules/drafts/{draft.pk}/").content.decode()
    with pytest.raises(Fault, match="由您提出"):
        actions.approve_pack(draft, by=quality)
    make.client(second).post(f"/complaints/rules/drafts/{draft.pk}/approve/")
    row = RulePack.objects.get(version="2027")
    day = timezone.localdate()
    assert packs.in_force(day).version == "2020-03-01"
    assert packs.in_force(day + timedelta(days=30)) == row
    assert "由 15 改为 10" in make.client(handler).get(f"/complaints/rules/{row.pk}/").content.decode()
    shown = make.client(handler).get(f"/complaints/{case.pk}/").content.decode()
    assert f"/complaints/rules/{case.pack_id}/#clock-reply" in shown, "from the limit to its clause"


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("simple = 10, complex", "simple = 0, complex", "limits = { simple = 0", "的整数"),
        ('unit = "working_days"\n', 'unit = "weeks"\n', 'unit = "weeks"', "只能是"),
        ('code = "reply"', 'code = "acceptance"', 'code = "acceptance"', "写了两次"),
        ("rolls_past_holidays = true", "rolls_past_holidays = maybe", "rolls_past_holidays = maybe", "TOML"),
    ],
)
def test_a_mistake_is_told_by_its_line(bank: Bank, quality: Staff, before: str, after: str, line: str,
                                       said: str) -> None:  # fmt: skip
    text = shorter().replace(before, after, 1) if "acceptance" not in after else shorter().replace(before, after)
    numbers = [number for number, each in enumerate(text.splitlines(), 1) if each.startswith(line)]
    sent = make.client(quality).post("/complaints/rules/new/", {"text": text})
    assert sent.status_code == 422
    page = sent.content.decode()
    assert f"第 {numbers[-1]} 行：" in page
    assert said in page


def test_what_began_yesterday_gets_no_other_rule_and_only_head_office_changes_any(bank: Bank, quality: Staff,
                                                                                  handler: Staff) -> None:  # fmt: skip
    with pytest.raises(Fault, match="今天之后"):
        actions.propose_pack(shorter(0), by=quality)
    with pytest.raises(Fault, match="已有这个版本"):
        actions.propose_pack(shorter().replace('"2027"', '"2020-03-01"'), by=quality)
    with pytest.raises(PermissionDenied):
        actions.propose_pack(shorter(), by=handler)
    assert make.client(handler).get("/complaints/rules/new/").status_code == 404
    draft = actions.propose_pack(shorter(), by=quality)
    actions.decline_pack(draft, "再看看", by=quality)
    assert PackDraft.objects.get().state == "declined"


def test_a_refusal_names_its_clause_and_what_else_can_be_done(bank: Bank, handler: Staff) -> None:
    case = actions.register(Receipt("phone", bank.north_branch, "年费", "邻居的年费"), by=handler)
    page = make.client(handler)
    assert "补交授权委托书原件" in page.get(f"/complaints/{case.pk}/refuse/").content.decode()
    letter = page.get(f"/complaints/{case.pk}/letter/refuse/?reason=not_entitled").content.decode()
    assert "令2020年第3号：非由投诉人本人" in letter
    with pytest.raises(Fault, match="请选择不予受理的理由"):
        actions.do(case.pk, "refuse", Doing(reason="dislike", told_at=timezone.now(), words="不"), by=handler)
    actions.do(case.pk, "refuse", Doing(reason="not_entitled", told_at=timezone.now(), words="须本人"), by=handler)
    assert (
        f"/complaints/rules/{case.pack_id}/#refusal-not_entitled"
        in page.get(f"/complaints/{case.pk}/").content.decode()
    )


def test_the_same_by_api(bank: Bank, quality: Staff, second: Staff, handler: Staff) -> None:
    key = caller(quality)
    sent = key.post("/complaint-rule-drafts", {"text": shorter().replace('unit = "working_days"', "unit = 1", 1)})
    assert (sent.status_code, "第 " in sent.json()["detail"]) == (422, True)
    made = key.post("/complaint-rule-drafts", {"text": shorter()}).json()
    where = f"/complaint-rule-drafts/{made['id']}"
    assert made["differences"] == ["期限 reply 对规则 simple：由 15 改为 10",
                                   *made["differences"][1:]]  # fmt: skip
    assert key.post(f"{where}/approve").status_code == 422
    jobs.perform.func(key.post(f"{where}/replay").json()["job"])
    assert key.get(where).json()["replayed"]["cases"] == 0
    assert caller(second).post(f"{where}/approve").json()["state"] == "approved"
    assert caller(handler).get("/complaint-rule-drafts").status_code in {403, 404}
    assert caller(handler).get("/complaint-rules/cn-2020").json()["refusals"][0]["code"] == "not_entitled"


def test_a_reason_that_need_not_be_told_is_written_down_without(bank: Bank, quality: Staff, handler: Staff) -> None:
    text = (shipped_text("cn-2020") or "").replace('version = "2020-03-01"', 'version = "own"')
    head, middle, tail = text.partition('code = "not_ours"')
    own = head + middle + tail.replace("tells = true", "tells = false", 1)
    case = actions.register(Receipt("phone", bank.north_branch, "别家的卡", "收了年费"), by=handler)
    RulePack.objects.filter(pk=case.pack_id).update(text=own)
    page = make.client(handler)
    there = page.get(f"/complaints/{case.pk}/refuse/").content.decode()
    assert "可以不告知" in there
    assert "⚠" in there, "what nobody has read in the clause is told where it is chosen"
    assert "条文不要求告知" in page.get(f"/complaints/rules/{case.pack_id}/").content.decode()
    with pytest.raises(Fault, match="还没有告知"):
        actions.do(case.pk, "refuse", Doing(reason="repeated", words="已答复过"), by=handler)
    answer = caller(handler).post(f"/complaints/{case.number}/refuse", {"reason": "not_ours", "words": "不是本行"})
    assert answer.json()["state"] == "refused", answer.content.decode()
    assert "没有告知投诉人" in page.get(f"/complaints/{case.pk}/").content.decode()
