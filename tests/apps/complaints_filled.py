"""A complaint with one of everything that hangs on it, and the ids by which the API's paths find each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import seal
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions import Doing, Receipt, ruling
from huixiang.apps.complaints.drafting import drafted
from huixiang.apps.complaints.models import Case, PackDraft, Signal, VoiceTaking, Webhook
from huixiang.apps.feedback import rises
from huixiang.domain.complaints.periods import period_of
from huixiang.domain.complaints.rulebook import shipped_text
from huixiang.domain.statistics.episodes import Episode
from huixiang.domain.statistics.intervals import Interval
from huixiang.domain.statistics.surveillance import Finding, Verdict
from tests import make
from tests.make import Bank

RULES = """
[[rule]]
code = "unhappy"
title = "不满与诉求"
channels = ["website"]
kinds = ["demand"]
percent = 1
then = "propose"
"""


def filled(bank: Bank, quality: Staff, voice_id: str) -> dict[str, Any]:
    second = make.staff("8802", bank.head_office, "quality_manager")
    case = actions.register(Receipt("phone", bank.north_outlet, "理财亏损", "亏了一半"), by=quality)
    today = timezone.localdate()
    ids = {"case_number": case.number, "verb": "note", "pack": "cn-2020", "rule": "simple", "unit": "N12",
           "year": today.year, "letter_verb": "accept", "ending": "pdf"}  # fmt: skip
    words, text = drafted(case, "accept")
    letter = Doing(words=words, letter=text.version, told_at=timezone.now(), medium="letter")
    actions.do_or_send(case.pk, "accept", letter, by=quality)
    ids["seq"] = case.events.get(verb="accept").seq
    ids["file_id"] = str(actions.attach(case.pk, b"%PDF-1.7\n%%EOF", "回单.pdf", by=quality).pk)
    actions.do(case.pk, "note", Doing(words=f"@{quality.number} 请看"), by=quality)
    ids["mention_id"] = case.mentions.get().pk
    deputy = make.staff("8801", bank.head_office, "complaint_handler")
    ids["absence_id"] = actions.name_deputy(quality, deputy, today, today, by=quality).pk
    hook = Webhook.objects.create(
        name="CRM", url="https://crm.bank.example/", sealed=seal({"secret": "whsec_"}), by=quality
    )
    ids["webhook_id"] = str(hook.pk)
    ids["export_id"] = actions.ask_export([case.number], "法院调取证据通知书", by=quality).pk
    ids["version_id"] = actions.draft_return(period_of(today), bank.head_office, by=quality).pk
    ids["signal_id"] = signal(case).pk
    book = ruling.write_rules(RULES, effective_from=today, note="试行", by=second)
    ids["book_id"] = book.pk
    ids["taking_id"] = VoiceTaking.objects.create(
        voice_id=voice_id, book=book, rule="unhappy", unit=bank.north_outlet, state="proposed"
    ).pk
    return ids | {"draft": pack(second).pk}


def signal(*cases: Case) -> Signal:
    """Of a word that these have in common, told today."""
    today = timezone.localdate()
    ratio = Interval(5.3, 2.6, 10.7)
    found = Finding("word:短信管理费", "", today, today - timedelta(days=3), 7, 8, 1.5, ratio, 1e-7, 4e-5, Verdict.NEW)
    told = rises.columns(Episode(found, found)) | {"cases": [each.pk for each in cases], "words": ["短信管理费"]}
    return Signal.objects.create(dimension="word", value="短信管理费", unit="", alerted_on=today, **told)


def pack(by: Staff) -> PackDraft:
    """The rules of today once more, from next month on."""
    text = shipped_text("cn-2020") or ""
    text = text.replace("effective_from = 2020-03-01", f"effective_from = {timezone.localdate() + timedelta(days=30)}")
    return actions.propose_pack(text.replace('version = "2020-03-01"', 'version = "2027"'), by=by)
