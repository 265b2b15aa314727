"""Does who complains learn of it once, under the bank's head, and counts as told only when it has left?"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import actions, chain, documents, notices
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.drafting import drafted
from huixiang.apps.complaints.models import Case, Notice, Party
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.acting import REMEDIES
from huixiang.gateways.contract import Fate, Message, Outcome
from tests import make
from tests.make import Bank

pytestmark = pytest.mark.one_database

TELEPHONE, MAIL, NAME = "13800138000", "wang@example.com", "王芳"


class Post:
    """A mail server and an SMS platform; `fate` is what becomes of the next, `dies`: it is switched off."""

    place, sender = "here", ""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.fate, self.dies = Fate.SENT, False

    def send(self, messages: list[Message]) -> Any:
        for message in messages:
            self.sent.append(message)
            if self.dies:
                raise KeyboardInterrupt
            yield Outcome(message.id, self.fate)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    found = Post()
    monkeypatch.setattr("huixiang.gateways.named.gateway", lambda medium, given=None: found)
    return found


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


def registered(bank: Bank, by: Staff, **identity: str) -> Case:
    who = Identity(**{"name": NAME, "phone": TELEPHONE, "mail": MAIL} | identity)
    return actions.register(
        Receipt(way="phone", unit=bank.north_branch, title="年费没说清", text="没告诉我就扣了年费", demand="退还年费",
                people=(Person(Party.Role.COMPLAINANT, who),)), by=by)  # fmt: skip


def verbs(case: Case) -> list[str]:
    return list(case.events.order_by("seq").values_list("verb", flat=True))


def written(case: Case) -> str:
    """The reply as its handler finishes it."""
    words, _text = drafted(case, "reply")
    return words.replace("〔请填写：理由〕", "经核对录音，开卡时未告知").replace("〔请填写：处理结果〕", "退还 200 元")


def decided(bank: Bank, by: Staff) -> Case:
    case = registered(bank, by)
    for verb, doing in (("accept", Doing(told_at=timezone.now(), medium="phone")), ("take", Doing()),
                        ("decide", Doing(words="退还年费"))):  # fmt: skip
        actions.do(case.pk, verb, doing, by=by)
    return case


def test_the_receipt_leaves_once_with_number_day_and_limit(bank: Bank, handler: Staff, post: Post) -> None:
    case = registered(bank, handler)
    notices.send_all()
    notices.send_all()
    (message,) = post.sent
    assert message.to == MAIL
    assert message.is_reply
    assert case.number in message.text
    assert "答复期限" in message.text
    assert Notice.objects.get().is_recorded


def test_a_short_message_tells_no_word_of_the_matter(bank: Bank, handler: Staff, post: Post) -> None:
    case = registered(bank, handler, mail="")
    notices.send_all()
    (message,) = post.sent
    assert (message.to, "年费" in message.text, NAME in message.text) == (TELEPHONE, False, False)
    actions.do(case.pk, "accept", Doing(told_at=timezone.now()), by=handler)
    actions.do(case.pk, "take", Doing(), by=handler)
    actions.do(case.pk, "decide", Doing(words="退还年费"), by=handler)
    by_sms = Doing(words=written(case), medium="sms_now", names_grounds=True, remedies=REMEDIES)
    with pytest.raises(Fault, match="不能用短信告知"):
        actions.do_or_send(case.pk, "reply", by_sms, by=handler)


def test_accepted_counts_as_told_only_when_the_mail_has_left(bank: Bank, handler: Staff, post: Post) -> None:
    case = registered(bank, handler)
    now = Doing(medium="mail_now", key="a page")
    actions.do_or_send(case.pk, "accept", now, by=handler)
    actions.do_or_send(case.pk, "accept", now, by=handler)  # the same page sent twice
    assert verbs(case) == ["register"]
    post.fate = Fate.LATER
    notices.send_all()
    assert verbs(case) == ["register"], "the server said: later"
    post.fate = Fate.SENT
    notices.send_all(lambda: timezone.now() + timedelta(minutes=11))
    assert verbs(case) == ["register"], "told in a time that has not come is refused, and people see it"
    assert not Notice.objects.get(verb="accept").is_recorded
    actions.do(case.pk, "accept", Doing(told_at=timezone.now(), medium="mail"), by=handler)
    assert verbs(case) == ["register", "accept"]


def test_the_reply_leaves_by_mail_and_is_sealed_with_its_line(bank: Bank, handler: Staff, post: Post) -> None:
    case = decided(bank, handler)
    reply = Doing(words=drafted(case, "reply")[0], medium="mail_now", names_grounds=True, remedies=REMEDIES,
                  letter="product-1")  # fmt: skip
    with pytest.raises(Fault, match="还没有写完"):
        actions.do_or_send(case.pk, "reply", reply, by=handler)
    whole = Doing(words=written(case), medium="mail_now", names_grounds=True, remedies=REMEDIES, letter="product-1")
    actions.do_or_send(case.pk, "reply", whole, by=handler)
    notices.send_all()
    last = case.events.order_by("seq").last()
    assert last is not None
    assert (last.verb, last.told["medium"], last.told["letter"]) == ("reply", "mail", "product-1")
    assert last.told["told_at"]
    assert NAME in post.sent[-1].text
    assert NAME not in str(last.told)
    assert chain.verify()[1] == []


def test_killed_while_it_left_nobody_knows_and_a_person_says(bank: Bank, handler: Staff, post: Post) -> None:
    case = registered(bank, handler)
    notices.send_all()
    actions.do_or_send(case.pk, "accept", Doing(medium="mail_now"), by=handler)
    post.dies = True
    with pytest.raises(KeyboardInterrupt):
        notices.send_all()
    post.dies = False
    notices.send_all()
    notice = Notice.objects.get(verb="accept")
    assert (notice.state, len(post.sent), verbs(case)) == ("unsure", 2, ["register"]), "never a second time by itself"
    browser = make.client(handler)
    assert "确认已经送出" in browser.get(reverse("complaint", args=[case.pk])).content.decode()
    browser.post(reverse("complaint_notice", args=[case.pk, notice.pk]), {"left": "yes"})
    assert verbs(case) == ["register", "accept"]
    stranger = make.client(make.staff("2101", bank.south_branch, "complaint_handler"))
    assert stranger.post(reverse("complaint_notice", args=[case.pk, notice.pk])).status_code == 404


def test_the_letter_is_written_looked_at_and_fetched_under_the_banks_head(
    bank: Bank, handler: Staff, quality: Staff
) -> None:
    actions.set_letterhead(bank.head_office, address="海川市一路 1 号", phone="95500", by=quality)
    case, browser = decided(bank, handler), make.client(handler)
    address = reverse("complaint_letter", args=[case.pk, "reply"])
    page = browser.get(address).content.decode()
    assert "〔请填写：处理结果〕" in page
    assert "{投诉人}" in page
    said = {"words": written(case), "letter": "product-1", "key": "k", "medium": "letter", "names_grounds": "on",
            "told_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "remedies": sorted(REMEDIES)}  # fmt: skip
    assert browser.post(address, said | {"preview": "yes"}).content.startswith(b"%PDF")
    assert verbs(case)[-1] == "decide", "a look does nothing"
    assert browser.post(address, said).status_code == 302
    file = browser.get(reverse("complaint_letter_file", args=[case.pk, 5, "docx"]))
    lines = [each.text for each in docx.Document(io.BytesIO(file.content)).paragraphs]
    assert lines[0] == "海川银行"
    assert f"{NAME}：" in lines
    assert "（盖章处）" in lines
    assert browser.get(reverse("complaint_letter_file", args=[case.pk, 5, "pdf"])).content.startswith(b"%PDF")
    inspector = make.client(make.staff("1301", bank.north, "inspector"))
    seen = inspector.get(reverse("complaint_letter_file", args=[case.pk, 5, "docx"]))
    lines = [each.text for each in docx.Document(io.BytesIO(seen.content)).paragraphs]
    assert "投诉人：" in lines
    assert NAME not in "".join(lines)
    assert AuditRecord.objects.filter(verb="complaint.letter_read").count() == 3


def test_head_office_writes_the_text_and_old_letters_keep_theirs(bank: Bank, handler: Staff, quality: Staff) -> None:
    new = {"title": "受理通知", "body": "{投诉人}：{编号} 已受理。"}
    today = timezone.localdate()
    with pytest.raises(PermissionDenied):
        actions.write_template("accept", **new, effective_from=today, by=handler)
    with pytest.raises(Fault, match="不认识"):
        actions.write_template("accept", title="x", body="{某某}", effective_from=today, by=quality)
    case = registered(bank, handler)
    actions.write_template("accept", **new, effective_from=today + timedelta(days=1), by=quality)
    assert drafted(case, "accept")[1].version == "product-1"
    version = actions.write_template("accept", **new, effective_from=today, by=quality)
    words, text = drafted(case, "accept")
    assert (words, text.version) == (f"{{投诉人}}：{case.number} 已受理。", str(version))
    browser = make.client(quality)
    assert "受理通知" in browser.get(reverse("complaint_templates")).content.decode()
    wrong = browser.post(reverse("complaint_template", args=["accept"]),
                         {"title": "x", "body": "{某某}", "effective_from": f"{today}"})  # fmt: skip
    assert "不认识" in wrong.content.decode()
    assert make.client(handler).get(reverse("complaint_templates")).status_code == 404


def test_a_word_file_takes_what_xml_does_not(bank: Bank) -> None:
    sheet = documents.Sheet("海川银行", "北山支行", "", "", "1", "答复", ("一<二>&\x0b三",), "2026年1月1日")
    found = docx.Document(io.BytesIO(documents.word(sheet)))
    assert "一<二>&三" in [each.text for each in found.paragraphs]
    assert documents.word(sheet) == documents.word(sheet)
    assert "宋体" in etree.tostring(found.styles.element, encoding="unicode")
