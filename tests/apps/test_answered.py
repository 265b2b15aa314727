"""Who wrote by mail, called or left a contact on paper: how is she answered, and what is left of her contact?"""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import erasing, keeping
from huixiang.apps.feedback.models import Clearing
from huixiang.apps.intake import actions, letters
from huixiang.apps.intake import keeping as kept
from huixiang.apps.intake.actions.ways import Manner
from huixiang.apps.intake.models import Letter, Submission
from huixiang.channels.contract import Fault
from huixiang.gateways.contract import Fate, Message, Outcome
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import caller
from tests.apps.arrivals import MAPPING, bring_in, row, spoken, table
from tests.make import Bank

pytestmark = pytest.mark.one_database

TELEPHONE, MAIL = "138 1234 5678", "wang@example.com"


def today(days: int = 0) -> str:
    return f"{timezone.localdate() - timedelta(days=days):%Y-%m-%d} 09:00:00"


def written(path: Path, **fields: Any) -> Path:
    """Two with a contact, one with the bank's number of its customer, one of long ago."""
    said = [
        row(0, 客户=TELEPHONE, 时间=today(1)),
        row(3, 客户=MAIL, 时间=today(1)),
        row(6, 客户="C6", 时间=today(1)),
        row(9, 客户="13900000000", 时间=today(400)),
    ]
    return table(path, [each | fields for each in said])


class Post:
    """A mail server and an SMS platform that take all, and remember it."""

    place, sender = "here", ""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, messages: list[Message]) -> Any:
        for message in messages:
            self.sent.append(message)
            yield Outcome(message.id, Fate.SENT)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    found = Post()
    monkeypatch.setattr("huixiang.gateways.named.gateway", lambda medium, given=None: found)
    return found


def test_who_left_a_contact_in_a_file_is_answered_and_finds_it_by_her_code(
    bank: Bank, manager: Staff, lake: Lake, tmp_path: Path, post: Post
) -> None:
    bring_in(written(tmp_path / "留言.csv"))
    kept = {one.voice_id: one.code for one in Submission.objects.all()}
    assert len(kept) == 2
    assert not Letter.objects.exists()
    bring_in(written(tmp_path / "又一次.csv", 评分="1"))  # the same voices, changed
    bring_in(written(tmp_path / "再一次.csv"))
    assert {one.voice_id: one.code for one in Submission.objects.all()} == kept

    voice = next(each for each in spoken(lake) if each.id in kept and each.source_id.endswith("W0"))
    browser = make.client(manager)
    page = browser.get(reverse("voice", args=[voice.id])).content.decode()
    assert "查看联系方式" in page
    assert "13812345678" not in page
    shown = browser.post(reverse("voice_contact", args=[voice.id])).content.decode()
    submission = Submission.objects.get(voice_id=voice.id)
    code = actions.code_of(submission)
    assert TELEPHONE.replace(" ", "") in shown
    assert code in shown
    assert AuditRecord.objects.filter(verb="contact.read", on_id=voice.id).exists()

    browser.post(reverse("voice_answer", args=[voice.id]), {"text": "王女士，已加开窗口。", "sends": "on"})
    letters.send_all()
    letters.send_all()
    (message,) = post.sent
    assert message.to == "13812345678"
    assert code in message.text
    assert "窗口" not in message.text
    told = make.client().post("/t/", {"code": code}).content.decode()
    assert "王女士，已加开窗口。" in told
    assert "官方网站" in told
    make.client().post("/t/", {"code": code, "withdraw": "1"})
    bring_in(written(tmp_path / "又来.csv"))
    submission.refresh_from_db()
    assert submission.contact is None
    assert submission.customer == ""


def test_where_no_gateway_is_the_answer_is_told_by_phone(
    bank: Bank, manager: Staff, lake: Lake, tmp_path: Path
) -> None:
    bring_in(table(tmp_path / "a.csv", [row(0, 客户=TELEPHONE, 时间=today(1))]))
    voice_id = Submission.objects.get().voice_id
    with pytest.raises(Fault, match="先写下答复"):
        actions.told_by_phone(voice_id, by=manager)
    api = caller(manager)
    answered = api.post(f"/voices/{voice_id}/answers", {"text": "已处理。"})
    assert answered.json()["answers"][0]["sent"] is None
    assert "已电话告知客户" in make.client(manager).get(reverse("voice", args=[voice_id])).content.decode()
    for _again in range(2):
        assert api.post(f"/voices/{voice_id}/told").json()["answers"][0]["sent"] == "told"
    assert AuditRecord.objects.filter(verb="answer.told").count() == 1


def test_an_acknowledgement_leaves_only_where_it_is_wished_and_never_for_history(
    bank: Bank, tmp_path: Path, post: Post
) -> None:
    actions.settle_way("website", Manner(90, acknowledges=True), by="cli:test")
    lately = [row(number, 客户=MAIL, 时间=f"{timezone.localtime():%Y-%m-%d %H:%M:%S}") for number in (0, 3)]
    bring_in(table(tmp_path / "a.csv", [*lately, row(6, 客户=TELEPHONE, 时间=today(5))]))
    letters.send_all()
    assert [(each.to, "已收到" in each.subject) for each in post.sent] == [(MAIL, True)]  # one a day
    bring_in(table(tmp_path / "b.csv", [lately[1] | {"编号": "W9"}]))
    letters.send_all()
    assert len(post.sent) == 1


def test_no_machine_and_not_the_bank_itself_is_thanked(bank: Bank, tmp_path: Path, post: Post) -> None:
    actions.settle_way("website", Manner(90, acknowledges=True), by="cli:test")
    post.sender = "海川银行 <Survey@bank.example>"
    now = f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"
    machines = ["no-reply@shop.example", "bounces+7=a@list.example", "MAILER-DAEMON@a.example", "survey@bank.example"]
    bring_in(table(tmp_path / "a.csv", [row(n, 客户=each, 时间=now) for n, each in enumerate([*machines, MAIL])]))
    assert Submission.objects.count() == 5  # a person of the bank may still answer them
    letters.send_all()
    assert [each.to for each in post.sent] == [MAIL]


def test_erasure_and_time_reach_the_contact_and_the_page_tells_it(
    bank: Bank, quality: Staff, lake: Lake, tmp_path: Path
) -> None:
    mapping = MAPPING + 'contact = "电话"\n'
    path = tmp_path / "b.csv"
    path.write_text(
        "编号,时间,机构,客户,评分,内容,电话\n"
        + "".join(
            f"{number},{today(1)},N11,C1,3,排队太久了{number},{contact}\n"
            for number, contact in ((1, TELEPHONE), (2, MAIL))
        )
    )
    bring_in(path, mapping=mapping)
    assert Submission.objects.count() == 2
    assert not any("5678" in str(each.extra) or "wang" in str(each.extra) for each in spoken(lake))
    found = erasing.FINDS  # by her telephone she is found, though the file calls her C1
    from huixiang.apps.intake import erasing as intake
    from huixiang.apps.intake.reaching import named

    assert intake.of_customer in found
    assert len(intake.of_customer(named("13812345678"), None)) == 1

    now = timezone.now()
    later = now + timedelta(days=181)
    page = make.client(quality).get(reverse("retention")).content.decode()
    assert "HUIXIANG_PUBLIC_URL" not in page  # no letter leaves
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUIXIANG_SMS_URL", "https://sms.bank.example/send")
        page = make.client(quality).get(reverse("retention")).content.decode()
    assert ("HUIXIANG_PUBLIC_URL" in page) != bool(settings.PUBLIC_URL)  # else letters have no link
    assert "官方网站" in page
    assert "180 天" in page
    due = {one.keeping.code: one.due for one in keeping.told(later)}
    assert due["reached-website"] == 2
    assert Submission.objects.count() == 2
    keeping.clear(later, *kept.CODES)
    assert not Submission.objects.exists()
    assert Clearing.objects.get(code="reached-website").removed == 2
    assert len(spoken(lake)) == 2  # the masked voices stay
    bring_in(path.rename(tmp_path / "c.csv"), mapping=mapping)


def test_only_who_answers_for_the_bank_sets_a_term(bank: Bank, manager: Staff, quality: Staff) -> None:
    assert 'href="/retention/' not in make.client(manager).get(reverse("retention")).content.decode().split("<main")[1]
    assert make.client(manager).get(reverse("retention_way", args=["hotline"])).status_code in (403, 404)
    api = caller(quality)
    wanted = {"retention_days": 30, "acknowledges": True}
    put = api.put("/retention/hotline", wanted)
    assert put.json()["retention_days"] == 30
    assert "30 天" in put.json()["terms"]
    assert api.put("/retention/social", wanted).status_code == 422
    rows = {each["code"]: each for each in api.get("/retention").json()}
    assert rows["reached-hotline"]["days"] == "30 天"
    assert rows["quarantine"]["due"] == 0
    form = {"retention_days": "5", "consent": ""}
    assert make.client(quality).post(reverse("retention_way", args=["hotline"]), form).status_code == 422
    record = AuditRecord.objects.get(verb="way.change")
    assert record.on_id == "hotline"


def test_the_preview_says_what_becomes_of_contacts_before_anybody_confirms(
    bank: Bank, quality: Staff, tmp_path: Path
) -> None:
    said = [f"W{n},2026-11-2{n},C{n},138{n}234567{n},wang{n}@example.com,太慢了，第{n}次" for n in range(1, 9)]
    file = SimpleUploadedFile("官网留言.csv", "\n".join(["编号,时间,客户号,手机号,邮箱,留言内容", *said]).encode())
    browser = make.client(quality)
    there = browser.post(reverse("import_new"), {"file": file})["Location"]
    page = unescape(browser.get(there).content.decode())
    assert "“手机号”，“邮箱”" in page
    assert "前 8 行中 8 行有能用的电话或邮箱" in page
    assert "不进数据湖" in page
    assert "180 天" in page
    assert "1381234567" not in page
    chosen = {"format": "csv", "by": "columns", "column_text": "留言内容", "column_contact": "*", "channel": "website"}
    changed = unescape(browser.get(there, chosen).content.decode())
    assert 'contact = ["手机号", "邮箱"]' in changed, "several columns stay one choice"
    assert "读过即弃" in unescape(browser.get(there, chosen | {"channel": "social"}).content.decode())
