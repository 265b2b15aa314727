"""A saved view comes by mail once a period, with the rights its reader has that night, and ends with one click."""

from __future__ import annotations

import email
from datetime import datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Post, SavedView, Staff
from huixiang.apps.intake import leaving
from huixiang.apps.subscriptions import sending
from huixiang.apps.subscriptions.models import Subscription, SubscriptionMail
from huixiang.channels.contract import Fault
from huixiang.lake.store import Lake
from huixiang.web import cli
from tests import make
from tests.apps.test_tickets import came, parquet
from tests.apps.test_waiting_pages import busy
from tests.gateways.servers import Postman, mail_server
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def view(tmp_path: Path, bank: Bank, lake: Lake, quality: Staff, manager: Staff) -> SavedView:
    """Of all branches, shared with the whole bank; both have an address."""
    came(parquet(tmp_path / "a.parquet", [*busy("N11", 300), *busy("N12", 2_400), *busy("S11", 600)]))
    for each in (quality, manager):
        Staff.objects.filter(pk=each.pk).update(email=f"{each.number}@bank.example")
    unit = quality.current_posts[0].unit
    return SavedView.objects.create(owner=quality, name="久等", page="waiting", chosen={"limit": ["20"]}, unit=unit)


def choose(person: Staff, view: SavedView, every: str) -> Any:
    return make.client(person).post(reverse("subscription_change", args=[view.pk]), {"every": every}, follow=True)


def mails(postman: Postman) -> dict[str, Any]:
    return {to: email.message_from_bytes(content, policy=policy.default) for to, content in postman.taken}


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


def test_each_reader_gets_what_she_may_see_once_a_period(
    view: SavedView, quality: Staff, manager: Staff, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(quality, view, "day")
    choose(manager, view, "week")
    now = timezone.now()
    assert sending.write_for(now) == 0, "there is no mail server"
    with mail_server() as (postman, url):
        monkeypatch.setenv("HUIXIANG_MAIL_URL", url)
        monkeypatch.setenv("HUIXIANG_MAIL_FROM", "海川银行 <huixiang@bank.example>")
        assert [sending.write_for(now) for _ in range(2)] == [2, 0]
        assert [leaving.send_all(sending.OURS) for _ in range(2)] == [2, 0]
        told = mails(postman)
        hers, his = (told[f"{each.number}@bank.example"] for each in (quality, manager))
        assert "海川银行总行" in text_of(hers)
        assert "久等的占 33.3%" in text_of(hers)
        assert "北山支行" in text_of(his), "his own branch, not the bank"
        assert "久等的占 50.0%" in text_of(his)
        (paper,) = hers.iter_attachments()
        assert paper.get_content().startswith(b"%PDF")
        for word in ("C3", "A001", "100123"):
            assert word not in text_of(hers)
        monday = datetime.combine(timezone.localdate(now) + timedelta(days=7), datetime.min.time(), now.tzinfo)
        assert sending.write_for(monday + timedelta(hours=12)) == 2
        assert cli.main(["subscriptions", "send"]) == 0
        assert cli.main(["subscriptions", "list"]) == 0
    assert "waiting  久等  day" in capsys.readouterr().out
    assert AuditRecord.objects.filter(verb="subscription.send").count() >= 2


def test_who_lost_the_right_meanwhile_gets_nothing(
    view: SavedView, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(manager, view, "day")
    with mail_server() as (postman, url):
        monkeypatch.setenv("HUIXIANG_MAIL_URL", url)
        monkeypatch.setenv("HUIXIANG_MAIL_FROM", "海川银行 <huixiang@bank.example>")
        assert sending.write_for(timezone.now()) == 1
        Post.objects.filter(staff=manager).update(to_on=timezone.localdate() - timedelta(days=1))
        assert leaving.send_all(sending.OURS) == 0
        assert not postman.taken
    assert SubscriptionMail.objects.get().state == "failed"


def test_what_cannot_be_written_tonight_is_tried_again(
    view: SavedView, quality: Staff, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(quality, view, "day")
    choose(manager, view, "day")

    def no_letters(*_told: Any) -> bytes:
        raise Fault("这台服务器没有中文字体")

    with mail_server() as (postman, url):
        monkeypatch.setenv("HUIXIANG_MAIL_URL", url)
        monkeypatch.setenv("HUIXIANG_MAIL_FROM", "海川银行 <huixiang@bank.example>")
        assert sending.write_for(timezone.now()) == 2
        with monkeypatch.context() as night:
            night.setattr("huixiang.apps.subscriptions.sending.pdf", no_letters)
            assert leaving.send_all(sending.OURS) == 0
        assert set(SubscriptionMail.objects.values_list("state", "failed")) == {("waiting", "这台服务器没有中文字体")}
        assert leaving.send_all(sending.OURS, clock=lambda: timezone.now() + timedelta(hours=1)) == 2
        assert len(postman.taken) == 2


def test_it_ends_from_the_page_and_by_the_link_but_not_by_looking(view: SavedView, quality: Staff, client: Any) -> None:
    page = choose(quality, view, "month").content.decode()
    assert "每月" in page
    choose(quality, view, "week")
    row = Subscription.objects.get()
    assert row.every == "week"
    stop = reverse("subscription_stop", args=[row.key])
    assert "不再收到" in client.get(stop).content.decode()
    assert Subscription.objects.exists(), "mail servers open every link"
    assert "已退订" in client.post(stop).content.decode()
    assert not Subscription.objects.exists()
    assert "已退订" in client.post(stop).content.decode(), "again, it says the same"
    choose(quality, view, "week")
    choose(quality, view, "")
    assert not Subscription.objects.exists()


def test_without_an_address_or_a_report_there_is_no_subscription(bank: Bank, quality: Staff) -> None:
    calls = SavedView.objects.create(owner=quality, name="热线", page="hotline", chosen={})
    waits = SavedView.objects.create(owner=quality, name="等候", page="waiting_fair", chosen={})
    assert "没有邮箱" in choose(quality, waits, "day").content.decode()
    Staff.objects.filter(pk=quality.pk).update(email="9@bank.example")
    assert "还不能订阅" in choose(quality, calls, "day").content.decode()
    assert not Subscription.objects.exists()
