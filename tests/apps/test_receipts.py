"""Who is thanked at once for a mail, and who never is? As its mailbox says; no machine, no list, not the bank."""

from __future__ import annotations

from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import importing, quarantine
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.apps.intake import actions, letters
from huixiang.apps.intake.actions.ways import Manner
from huixiang.apps.intake.models import Submission
from huixiang.apps.sources.models import Delivery, Source
from huixiang.gateways.contract import Message
from huixiang.gateways.smtp import Server
from tests.apps.api import caller
from tests.apps.arrivals import Silent, begin
from tests.apps.test_answered import Post
from tests.channels.letters import letter, mbox

pytestmark = pytest.mark.one_database

BOX = "kefu@bank.example"


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    found = Post()
    monkeypatch.setattr("huixiang.gateways.named.gateway", lambda medium, given=None: found)
    return found


@pytest.fixture
def mailbox(quality: Staff) -> Source:
    return Source.objects.create(
        name="投诉邮箱", kind="imap", address="imaps://mail.bank.example", account=BOX, channel="website", by=quality
    )


def mail(sender: str, number: int, **headers: str) -> bytes:
    now = format_datetime(timezone.localtime())
    return letter(f"排队太久{number}", sender=sender, number=str(number), Date=now, **headers)


def brought(source: Source, path: Path, *mails: bytes) -> Import:
    """As a poll brings them."""
    path.write_bytes(mbox(*mails))
    imported = begin(path, form="mbox", mapping="", channel="website")
    Delivery.objects.create(source=source, of=imported)
    importing.run(Silent(), str(imported.pk))
    return Import.objects.get(pk=imported.pk)


def set_to(source: Source, receipts: str) -> None:
    Source.objects.filter(pk=source.pk).update(receipts=receipts)


def thanked(post: Post) -> list[str]:
    letters.send_all()
    told = [message.to for message in post.sent]
    post.sent.clear()
    return told


def test_each_mailbox_says_for_itself_whether_it_thanks(mailbox: Source, post: Post, tmp_path: Path) -> None:
    brought(mailbox, tmp_path / "1", mail("a@mail.example", 1))
    assert thanked(post) == []  # as the channel has it: no
    set_to(mailbox, "send")
    brought(mailbox, tmp_path / "2", mail("b@mail.example", 2), mail("b@mail.example", 3))
    assert thanked(post) == ["b@mail.example"]
    brought(mailbox, tmp_path / "3", mail("b@mail.example", 4), mail("c@mail.example", 5))
    assert thanked(post) == ["c@mail.example"]  # once a day
    actions.settle_way("website", Manner(90, acknowledges=True), by="cli:test")
    set_to(mailbox, "none")
    brought(mailbox, tmp_path / "4", mail("d@mail.example", 6))
    assert thanked(post) == []
    set_to(mailbox, "channel")
    brought(mailbox, tmp_path / "5", mail("e@mail.example", 7))
    assert thanked(post) == ["e@mail.example"]
    assert Submission.objects.count() == 7, "each has her code all the same"


def test_no_loop_begins_and_no_list_is_answered(mailbox: Source, post: Post, quality: Staff, tmp_path: Path) -> None:
    set_to(mailbox, "send")
    marks: list[dict[str, str]] = [
        {"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"},
        {"Precedence": "auto_reply"}, {"List_Id": "<a.example>"}, {"Return_Path": "<>"},
        {"X_Autoreply": "yes"}, {"Subject": "自动回复：您好"},
    ]  # fmt: skip
    marked = [mail(f"robot{number}@mail.example", number, **each) for number, each in enumerate(marks)]
    # Robots that say nowhere that they are some.
    sly = [
        mail(BOX, 20),
        mail("noreply@mail.example", 21),
        mail("sly@mail.example", 22, subject=f"Re: 海川银行：{letters.RECEIVED}"),
        mail("sly2@mail.example", 23, subject=f"Antwort: 海川银行：{letters.ANSWERED}"),
    ]
    imported = brought(mailbox, tmp_path / "1", *marked, *sly)
    assert thanked(post) == []
    assert Quarantined.objects.filter(of=imported).count() == len(marks)
    row = Quarantined.objects.filter(of=imported).first()
    assert row is not None
    feedback.mend_row(
        row, {**quarantine.fields(row), "自动邮件": ""}, by=quality
    )  # a person found a customer behind it, and answers her himself
    assert thanked(post) == []
    brought(mailbox, tmp_path / "2", mail("wang@mail.example", 30))
    assert thanked(post) == ["wang@mail.example"]


def test_a_receipt_says_that_a_machine_wrote_it() -> None:
    def headers(is_reply: bool) -> Any:
        message = Message("1", "wang@mail.example", "已收到", "收悉", is_reply=is_reply)
        return Server("mail.bank.example", 465, BOX)._mail(message)

    assert headers(True)["Auto-Submitted"] == "auto-replied"
    assert headers(False)["Auto-Submitted"] == "auto-generated"
    assert headers(True)["X-Auto-Response-Suppress"] == "All"


def test_the_switch_is_set_by_the_api_and_on_record(mailbox: Source, quality: Staff, settings: Any) -> None:
    settings.SOURCES = [mailbox.address]
    api = caller(quality)
    wanted = {"name": "投诉邮箱", "kind": "imap", "address": mailbox.address, "channel": "website", "account": BOX}
    assert api.put(f"/sources/{mailbox.pk}", wanted | {"receipts": "send"}).json()["receipts"] == "send"
    assert api.put(f"/sources/{mailbox.pk}", wanted | {"receipts": "perhaps"}).status_code == 422
