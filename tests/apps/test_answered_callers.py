"""Who called and whose transcript tells no number: does the record of the call give her an answer, in any order?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import certifying, identity, importing, keeping
from huixiang.apps.intake import actions, callers, codes
from huixiang.apps.intake.actions.ways import Manner
from huixiang.apps.intake.models import Caller, Letter, Submission
from huixiang.domain.feedback import Channel, pseudonym, voice_id
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import Silent, begin, spoken
from tests.apps.test_erasure import done
from tests.make import Bank

pytestmark = pytest.mark.one_database

TELEPHONE = "13900000001"
AT = timezone.now() - timedelta(hours=2)
SECOND = int(AT.timestamp())
CALL = f"{SECOND}.7"
WORDS = "WEBVTT\n\n1\n00:00:00.000 --> 00:00:06.000\n<v 客户>我的卡丢了，很急。</v>\n"
LOG = "".join(
    f"{SECOND + after}|{CALL}|{line}\n"
    for after, line in (
        (0, f"card|NONE|ENTERQUEUE||+86 {TELEPHONE}|1"),
        (9, "card|PJSIP/1001|CONNECT|9|1|1"),
        (60, "loans|NONE|ENTERQUEUE||1001|1"),  # her agent asks for her: no customer's number
        (70, "loans|PJSIP/1002|CONNECT|9|1|1"),
        (80, "loans|PJSIP/1002|COMPLETEAGENT|9|9|1"),
        (90, "card|PJSIP/1001|COMPLETECALLER|9|80|1"),
    )
)
ENTERED = f"{timezone.localtime(AT):%Y-%m-%d %H:%M:%S}"
RECORDS = f"通话编号,技能组,进线时间,处理结果,主叫号码\n{CALL},card,{ENTERED},接听,0{TELEPHONE}\n"
FORMS = {"words": "transcripts", "log": "queue-log", "records": "call-records"}


@pytest.fixture
def files(tmp_path: Path, bank: Bank) -> dict[str, Path]:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / f"{CALL}.vtt").write_text(WORDS)
    (tmp_path / "log").write_text(LOG)
    (tmp_path / "records").write_text(RECORDS)
    return {name: tmp_path / name for name in FORMS}


def came(files: dict[str, Path], *names: str) -> None:
    for name in names:
        imported = begin(files[name], form=FORMS[name], mapping="")
        importing.run(Silent(), str(imported.pk))


def her_call() -> str:
    return voice_id(Channel.HOTLINE, CALL, identity.voice_key())


@pytest.mark.parametrize("order", ["records words", "words log"])
def test_the_record_of_a_call_gives_its_caller_a_code_whichever_file_comes_first(
    order: str, files: dict[str, Path], quality: Staff, lake: Lake
) -> None:
    actions.settle_way("hotline", Manner(90, acknowledges=True), by="cli:test")
    came(files, *order.split(), *order.split())
    one = Submission.objects.get()
    assert one.voice_id == her_call()
    assert (one.by_call, one.received_at.replace(microsecond=0)) == (True, AT.replace(microsecond=0))
    assert one.keep_until == timezone.localdate(AT) + timedelta(days=90)
    assert not Caller.objects.exists()
    assert actions.contact_of(one.voice_id, by=quality) == TELEPHONE
    page = make.client(quality).get(reverse("voice", args=[one.voice_id])).content.decode()
    assert "话单上同一通电话的主叫号码" in page
    assert codes.hashed(codes.made(one.once, one.draw)) == one.code
    done(feedback.erase_customer(pseudonym(TELEPHONE, settings.MASKING_KEY.encode()), "客户提出", by=quality))
    assert not Submission.objects.exists()
    assert not Letter.objects.exists()
    came(files, *order.split())
    assert not Submission.objects.exists()
    assert not Caller.objects.exists()
    assert spoken(lake) == []


def test_a_number_that_waits_for_its_words_goes_in_time_and_on_request(
    files: dict[str, Path], quality: Staff, lake: Lake
) -> None:
    came(files, "log")
    one = Caller.objects.get()
    assert TELEPHONE.encode() not in bytes(one.contact)
    later = timezone.now() + timedelta(days=callers.WAITS_DAYS + 1)
    assert {each.keeping.code: each.due for each in keeping.told(later)}[callers.CODE] == 1
    assert keeping.clear(later, callers.CODE) == 1
    came(files, "log")  # the same file once more: it may still be wanted
    erasure = done(feedback.erase_customer(pseudonym(TELEPHONE, settings.MASKING_KEY.encode()), "客户提出", by=quality))
    assert not Caller.objects.exists()
    places = {str(each.name): (each.found, each.left) for each in certifying.told(erasure)}
    assert places["等转写的来电号码"] == (1, 0)
    came(files, "log", "words")
    assert not Caller.objects.exists()
    assert spoken(lake) == []


def test_what_the_transcript_tells_counts_for_more_and_what_is_not_wished_is_not_kept(
    files: dict[str, Path], quality: Staff, bank: Bank
) -> None:
    own = files["words"] / f"{CALL}.vtt"
    own.unlink()
    told = f'{{"call_id": "{CALL}", "caller": "13911112222", "turns": [{{"speaker": "客户", "text": "卡丢了"}}]}}'
    (files["words"] / "calls.json").write_text(told)
    came(files, "log", "words", "log", "records")
    assert actions.contact_of(her_call(), by=quality) == "13911112222"
    code = Submission.objects.get().code
    actions.withdraw_contact(Submission.objects.get())
    came(files, "log", "records")
    assert (Submission.objects.get().contact, Submission.objects.get().code) == (None, code)
    actions.settle_way("hotline", Manner(90, keeps=False), by="cli:test")
    Submission.objects.all().delete()
    came(files, "records", "log")
    assert not Submission.objects.exists()
    assert AuditRecord.objects.filter(verb="contact.read").count() == 1


def test_of_history_no_number_waits(files: dict[str, Path], bank: Bank, tmp_path: Path) -> None:
    long_ago = SECOND - 200 * 86_400
    files["log"].write_text(LOG.replace(str(SECOND), str(long_ago)).replace(f"{SECOND + 9}|", f"{long_ago + 9}|"))
    came(files, "log")
    assert not Caller.objects.exists()
