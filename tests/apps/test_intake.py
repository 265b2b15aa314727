"""A customer writes: does it arrive once, is it kept safe, does it become a voice, and does she get her answer?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access import jobs
from huixiang.apps.access.models import AuditRecord, Job, Staff
from huixiang.apps.access.sealing import unseal
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import batches, without_file
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.models import Attachment, Import
from huixiang.apps.intake import actions, erasing, taking
from huixiang.apps.intake.models import Answer, PostBox, Submission
from huixiang.apps.intake.receiving import Message, receive
from huixiang.lake import questions
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import spoken
from tests.apps.intake import SAID, Customer, box, code_of, hostile
from tests.apps.test_erasure import done
from tests.apps.test_import_exactly_once import Killed
from tests.make import Bank


@pytest.fixture
def north_box(bank: Bank) -> PostBox:
    return box(bank.north_outlet)


def test_from_the_telephone_to_the_lake_and_the_words_are_gone_from_the_row(
    north_box: PostBox, lake: Lake, quality: Staff
) -> None:
    customer = Customer(north_box)
    sent = customer.sends(f"{SAID}我叫王芳，电话13812345678", photos=2, rating="2", contact="13812345678", consent="on")
    assert sent.status_code == 200
    assert not sent.cookies, "nothing is left in her browser"
    row = Submission.objects.get()
    stored = bytes(row.sealed or b"") + bytes(row.contact or b"")
    assert "窗口".encode() not in stored
    assert b"13812345678" not in stored
    assert code_of(sent).replace(" ", "") not in str(Submission.objects.values())
    assert taking.take_in() == 1
    assert taking.take_in() == 0
    (voice,) = spoken(lake)
    assert (voice.id, voice.channel, voice.branch, voice.rating) == (row.voice_id, "suggestion_box", "N11", 2.0)
    assert SAID in voice.text
    assert "13812345678" not in voice.text
    assert list(voice.attachments) == ["IMG_0.jpg", "IMG_1.jpg"]
    row.refresh_from_db()
    assert row.sealed is None
    brought = Import.objects.get()
    assert account(brought).new == 1
    assert make.client(quality).get(reverse("import_detail", args=[brought.pk])).status_code == 200
    assert row.agreed_to == north_box.terms


def test_a_double_tap_a_lost_answer_and_a_late_photo_are_one_message(north_box: PostBox, lake: Lake) -> None:
    customer = Customer(north_box)
    first, again = customer.sends(), customer.sends()
    assert code_of(first) == code_of(again), "the same receipt"
    assert code_of(customer.sends(photos=2)) == code_of(first)
    customer.sends(photos=2)
    assert Attachment.objects.count() == 2
    assert taking.take_in() == 1
    assert code_of(customer.sends()) == code_of(first), "also when it is in the lake already"
    assert code_of(customer.sends("另外，空调太冷。")) != code_of(first), (
        "after “back”, other words are another message"
    )
    assert taking.take_in() == 1
    assert len(spoken(lake)) == 2


@pytest.mark.django_db(transaction=True)
def test_twelve_telephones_at_once_send_four_messages_three_times_each(bank: Bank) -> None:
    north_box = box(bank.north_outlet)

    def send(number: int) -> str:
        try:
            message = Message(f"key-{number % 4}-of-the-form", f"{SAID}（{number % 4}）")
            return receive(north_box, message, timezone.now()).code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as telephones:
        received = list(telephones.map(send, range(12)))
    assert Submission.objects.count() == 4
    assert all(received[number] == received[number % 4] for number in range(12))


@pytest.mark.parametrize("killed_after", ["journal", "rows", "lake"])
def test_killed_anywhere_each_message_is_counted_once_and_no_word_is_lost(
    north_box: PostBox, lake: Lake, monkeypatch: pytest.MonkeyPatch, killed_after: str
) -> None:
    for number in range(3):
        Customer(north_box).sends(f"{SAID}（{number}）")
    after = {"journal": (batches.Batch, "save"), "rows": (batches, "_carry"), "lake": (batches, "_confirm")}

    def dies(*args: Any, **kwargs: Any) -> Any:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(*after[killed_after], dies)
        with pytest.raises(Killed):
            taking.take_in()
    assert Submission.objects.exclude(sealed=None).count() == 3, "no words are erased before all is confirmed"
    taking.take_in()
    assert len(spoken(lake)) == 3
    assert account(Import.objects.get()).new == 3
    assert not Submission.objects.exclude(sealed=None).exists()


@pytest.mark.one_database
def test_one_that_cannot_be_opened_keeps_nobody_else_out_and_comes_in_when_it_can(
    north_box: PostBox, lake: Lake, quality: Staff
) -> None:
    for text in ("第一条，服务很好。", "第二条，等得太久。"):
        Customer(north_box).sends(text)
    broken = Submission.objects.order_by("received_at")[0]
    whole = bytes(broken.sealed or b"")
    Submission.objects.filter(pk=broken.pk).update(sealed=b"damaged")
    assert taking.take_in() == 1
    page = make.client(quality).get(reverse("box", args=[north_box.pk])).content.decode()
    assert "1 条留言未能入库" in page
    Submission.objects.filter(pk=broken.pk).update(sealed=whole)
    assert taking.take_in() == 0, "not each time"
    assert taking.take_in_all() == 1, "but each night"
    assert len(spoken(lake)) == 2


@pytest.mark.one_database
def test_a_contact_withdrawn_while_her_words_are_read_names_nobody(
    north_box: PostBox, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    Customer(north_box).sends(contact="13812345678", consent="on")
    read = without_file._read

    def withdrawing(*given: Any) -> None:
        read(*given)
        actions.withdraw_contact(Submission.objects.get())

    monkeypatch.setattr(without_file, "_read", withdrawing)
    assert taking.take_in() == 1
    assert questions.speaker(lake, Submission.objects.get().voice_id) == ""
    assert not Submission.objects.get().is_named


@pytest.mark.one_database
def test_a_job_takes_in_what_came_and_only_the_last_such_job_is_kept(north_box: PostBox, lake: Lake) -> None:
    now = timezone.now()
    assert taking.begin_due(now) is None
    for text in ("空调太冷。", "灯太暗。"):
        Customer(north_box).sends(text)
        job = taking.begin_due(now)
        assert job is not None
        assert taking.begin_due(now) is None, "somebody is at it"
        jobs.perform.call(str(job.pk))
    (kept,) = Job.objects.filter(kind="intake")
    assert kept.outcome == "收入 1 条留言。"


@pytest.mark.one_database
def test_faults_are_told_kindly_and_nothing_typed_is_lost(north_box: PostBox, bank: Bank) -> None:
    customer = Customer(north_box)
    silent = customer.sends("  ")
    assert silent.status_code == 422
    assert "请写几句话" in silent.content.decode()
    unasked = customer.sends(SAID, contact="13812345678").content.decode()
    assert "请先勾选同意" in unasked
    assert SAID in unasked
    no_photo = customer.browser.post(
        customer.place, {"key": customer.key, "text": SAID, "photos": [hostile()]}
    ).content.decode()
    assert "“单据.jpg”不是能读取的照片" in no_photo
    assert "您选了 4 张" in customer.sends(SAID, photos=4).content.decode()
    assert "只用来识别程序" in customer.sends(SAID, website="http://spam.example").content.decode()
    assert customer.sends("长" * 2001).status_code == 422
    assert not Submission.objects.exists()
    nowhere = Customer(north_box).browser.get("/b/nowhere9/")
    assert nowhere.status_code == 404
    assert "请再扫一次二维码" in nowhere.content.decode()
    too_large = customer.browser.post(
        customer.place, b"", content_type="multipart/form-data", CONTENT_LENGTH="99999999"
    )
    assert too_large.status_code == 413
    english = customer.browser.get(f"{customer.place}?lang=en")
    assert english["Content-Language"] == "en"
    assert "What would you like to say?" in english.content.decode()


@pytest.mark.one_database
def test_a_closed_box_takes_nothing_and_says_so(north_box: PostBox, manager: Staff, stranger: Staff) -> None:
    customer = Customer(north_box)
    turned = make.client(manager).post(reverse("box_turn", args=[north_box.pk]), {"open": "0"})
    assert turned.status_code == 302
    refused = customer.sends()
    assert refused.status_code == 410
    assert "目前没有开放" in refused.content.decode()
    assert make.client(stranger).post(reverse("box_turn", args=[north_box.pk]), {"open": "1"}).status_code == 404
    assert not PostBox.objects.get().is_open
    assert AuditRecord.objects.get(verb="box.close").actor == "1002"


def test_the_answer_reaches_who_holds_the_code_and_nobody_else(
    north_box: PostBox, lake: Lake, manager: Staff, stranger: Staff, clerk: Staff
) -> None:
    customer = Customer(north_box)
    code = code_of(customer.sends(contact="wang@example.com", consent="on"))
    assert "还没有" in customer.looks_up(code).content.decode()
    taking.take_in()
    voice_id = Submission.objects.get().voice_id
    page = make.client(manager).get(reverse("voice", args=[voice_id])).content.decode()
    assert "答复客户" in page
    assert "wang@example.com" not in page, "only on asking"
    assert 'is-done"><strong>已有人看过' in customer.looks_up(code).content.decode()
    there = reverse("voice_answer", args=[voice_id])
    assert make.client(clerk).post(there, {"text": "不是我的权限"}).status_code == 404
    assert make.client(manager).post(there, {"text": " "}).status_code == 422
    assert make.client(manager).post(there, {"text": "王女士您好，已增开两个窗口。"}).status_code == 302
    make.client(manager).post(there, {"text": "王女士您好，已增开两个窗口。"})  # a double click
    told = customer.looks_up(code.replace(" ", "－")).content.decode()
    assert "已增开两个窗口" in told
    assert "窗口".encode() not in bytes(Answer.objects.get().sealed)
    contact = make.client(manager).post(reverse("voice_contact", args=[voice_id]))
    assert "wang@example.com" in contact.content.decode()
    verbs = list(AuditRecord.objects.filter(actor="1002").values_list("verb", flat=True))
    assert {"voice.read", "message.read", "voice.answer", "contact.read"} <= set(verbs)
    assert "窗口" not in str(list(AuditRecord.objects.values()))
    customer.looks_up(code, withdraw="1")
    assert Submission.objects.get().contact is None
    assert AuditRecord.objects.get(verb="contact.withdraw").actor == "customer"


def test_a_voice_given_to_another_unit_is_answered_there(
    north_box: PostBox, lake: Lake, manager: Staff, quality: Staff, bank: Bank
) -> None:
    Customer(north_box).sends()
    taking.take_in()
    voice_id = Submission.objects.get().voice_id
    feedback.correct_voice(voice_id, "branch", "S11", "在南湖办的", by=quality)
    south = make.staff("2002", bank.south_branch, "branch_manager")
    page = make.client(manager).get(reverse("box", args=[north_box.pk])).content.decode()
    assert "由它答复" in page
    assert "排队" not in page, "the other unit's words"
    whole = make.client(quality).get(reverse("box", args=[north_box.pk])).content.decode()
    assert SAID in whole
    assert make.client(manager).post(reverse("voice_answer", args=[voice_id]), {"text": "您好"}).status_code == 404
    assert make.client(south).post(reverse("voice_answer", args=[voice_id]), {"text": "您好"}).status_code == 302


def test_erased_on_request_or_when_the_days_are_over_nothing_of_her_is_left(
    north_box: PostBox, lake: Lake, quality: Staff, data: Path
) -> None:
    codes_ = []
    for text in ("请删除我的话。", "这条到期。", "这条留下。"):
        customer = Customer(north_box)
        codes_.append(code_of(customer.sends(text, photos=1, contact="13812345678", consent="on")))
    taking.take_in()
    first, second, third = Submission.objects.order_by("received_at")
    assert len({unseal(each.contact or b"")["contact"] for each in (first, second, third)}) == 1
    actions.answer(first.voice_id, "好的", by=quality)
    done(feedback.erase_voice(first.voice_id, "客户来函", by=quality))
    assert customer.looks_up(codes_[0]).status_code == 404
    Submission.objects.filter(pk=second.pk).update(keep_until=timezone.localdate() - timedelta(days=1))
    assert erasing.forget_old(timezone.localdate()) == 1
    assert [each.voice_id for each in Attachment.objects.all()] == [third.voice_id]
    assert len([place for place in (data / "attachments").rglob("*") if place.is_file()]) == 1
    assert len(spoken(lake)) == 2, "the masked voice stays when only its days are over"
    assert questions.speaker(lake, second.voice_id) == "", "and nobody is known by it any more"
    assert questions.speaker(lake, third.voice_id)
    assert customer.looks_up(codes_[2]).status_code == 200


@pytest.mark.one_database
def test_a_contact_left_with_the_second_try_counts_and_a_withdrawn_one_stays_away(north_box: PostBox) -> None:
    customer = Customer(north_box)
    code = code_of(customer.sends())
    contact = {"contact": "张女士 138 1234 5678", "consent": "on"}
    assert code_of(customer.sends(**contact)) == code
    row = Submission.objects.get()
    assert (unseal(row.contact or b"")["contact"], row.agreed_to) == (contact["contact"], north_box.terms)
    assert row.notice == north_box.notice_version
    customer.looks_up(code, withdraw="1")
    customer.sends(**contact)
    assert Submission.objects.get().contact is None
    assert "看不出手机号或邮箱" in customer.sends(contact="微信 wang", consent="on").content.decode()
    by_token = Message(customer.key, SAID, sender="token 7")
    assert receive(north_box, by_token, timezone.now()).is_new, "nobody meets another's receipt by her key"


@pytest.mark.one_database
def test_erasing_a_customer_reaches_what_waits_and_what_sticks_goes_in_the_end(
    north_box: PostBox, lake: Lake, quality: Staff
) -> None:
    Customer(north_box).sends(photos=1, contact="+86 138-1234-5678", consent="on")
    Customer(north_box).sends("别人的话。", contact="other@example.com", consent="on")
    her = make.client(quality).post(reverse("erasure_customer"), {"customer": "138 1234 5678"})
    assert "1" in her.content.decode()
    done(feedback.erase_customer(feedback.known_as("138 1234 5678"), "客户来函", by=quality))
    (other,) = Submission.objects.all()
    assert unseal(other.contact or b"")["contact"] == "other@example.com"
    assert not Attachment.objects.exists()
    now = timezone.localdate()
    Submission.objects.update(sealed=b"damaged", keep_until=now - erasing.GRACE)
    assert taking.take_in() == erasing.forget_old(now) == 0
    assert erasing.forget_old(now + timedelta(days=1)) == 1
    assert AuditRecord.objects.get(verb="message.lost").detail == {"count": 1}
