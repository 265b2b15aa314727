"""A customer stands in everything that the product can hold of her. She asks to be erased: what is found afterwards?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import seal
from huixiang.apps.annotation.models import EvaluationItem, EvaluationSet, Label, Settled
from huixiang.apps.complaints import actions as complaints
from huixiang.apps.complaints import signalling
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.models import Case, Webhook
from huixiang.apps.feedback import actions, certifying, erasing, importing, outside
from huixiang.apps.feedback.models import Erasure
from huixiang.apps.focus import actions as focus
from huixiang.apps.focus import voices as focus_voices
from huixiang.apps.ideas import actions as ideas
from huixiang.apps.intake import taking as intake_taking
from huixiang.apps.needs.models import Need, Pin
from huixiang.apps.slips import actions as slips
from huixiang.apps.slips import reading
from huixiang.apps.slips import taking as slips_taking
from huixiang.apps.surveys import links, taking
from huixiang.apps.surveys.models import Framed, Invitation, OptOut
from huixiang.channels.paper.pages import Page
from huixiang.channels.pictures import redrawn
from huixiang.domain.feedback import pseudonym
from huixiang.domain.understanding.normal import normalise
from huixiang.lake.store import Lake
from huixiang.plugins.ledger import Said
from huixiang.plugins.service import CHAT
from tests.apps import focus as talks
from tests.apps import surveys_cast
from tests.apps.arrivals import Silent, begin, bring_in, row, spoken, table
from tests.apps.intake import Customer, box
from tests.apps.paper import Written, slip
from tests.apps.planted import places_of
from tests.apps.test_hotline import RECORDS, TALK
from tests.channels.test_hotline import CALL
from tests.make import Bank

PHONE, NUMBER, NICK, NAME = "13987650001", "K770420", "爱吃鱼的猫", "欧阳珊珊"
AT = "2026-03-01 10:00:00"
RARE = "紫砂壶里的青蛙"
SAID = f"我叫{NAME}，电话{PHONE}，{RARE}都等急了，投诉你们"
SLIP = "suggestion.png"


def known(as_: str, settings: Any) -> str:
    return pseudonym(as_, settings.MASKING_KEY.encode())


def imported(path: Path, text: str, form: str, mapping: str = "") -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    came = begin(path, None, form=form, mapping=mapping)
    importing.run(Silent(), str(came.pk))
    path.unlink()


def in_files(folder: Path, quality: Staff) -> None:
    """Her message by her number, corrected; a row that could not be read; her call; what she said in public."""
    hers = row(1, 客户=NUMBER, 内容=SAID)
    source = table(folder / "留言.csv", [hers, row(2), row(3, 时间="昨天", 客户=NUMBER, 内容=SAID)])
    bring_in(source, quality)
    source.unlink()  # the bank's own
    imported(folder / "talk" / f"{CALL}.vtt", TALK.replace("急", SAID), "transcripts")
    imported(folder / "calls.csv", RECORDS.replace("C7001", "").replace("13900000001", PHONE), "call-records")
    told = {
        "微博ID": "1",
        "平台": "微博",
        "内容": f"海川银行{SAID}",
        "发布时间": "2026-03-01 10:00:00",
        "用户昵称": NICK,
    }
    imported(folder / "posts.jsonl", json.dumps(told, ensure_ascii=False), "jsonl", "social-posts")


def by_hand(bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a post box with a photo, answered; on paper, of which her telephone was read."""
    customer = Customer(box(bank.north_outlet))
    assert customer.sends(SAID, photos=1, contact=PHONE, consent="on").status_code == 200
    intake_taking.take_in()
    monkeypatch.setattr(reading, "Reader", lambda: Written((f"{RARE} {PHONE}", 0.99)))
    monkeypatch.setattr(reading, "pages", lambda content, name, after: iter([Page(1, redrawn(content, name))]))
    slips.bring_in([(f"{NAME}{PHONE}.png", slip())], bank.north_outlet, None, by=manager)
    reading.read_all()
    slips.confirm_sure([each.pk for each in slips_taking.Slip.objects.all()], by=manager)
    slips_taking.take_in()


def in_talks_and_surveys(bank: Bank, quality: Staff, her: str) -> None:
    """In a focus group; asked twice by a survey: answered once, begun once; on its list."""
    talk = talks.talk_of(bank, quality)
    person = talks.seat(talk, quality, "参与者A")
    focus.keep_contact(person.pk, PHONE, by=quality)
    talks.bring(talk, quality, talks.RECORD.replace("字太小", SAID), name=f"{PHONE}.txt")
    focus_voices.take_in()
    version = surveys_cast.survey(bank.north_outlet, slug="visit")
    first, second = surveys_cast.invite(version, 2, contact=seal({"phone": PHONE}))
    Invitation.objects.update(customer=her)
    surveys_cast.Customer(links.invited(first)).answers(3, why=SAID)
    surveys_cast.Customer(links.invited(second)).presses(nps="3").presses(why=SAID)
    day = {"met_on": timezone.localdate(), "keep_until": timezone.localdate()}
    Framed.objects.create(survey=version.survey, key="f" * 32, customer=her, unit=bank.north_outlet,
                          contact=seal({"phone": PHONE}), **day)  # fmt: skip
    taking.take_in()


def learnt_and_told_of(voice_id: str, text: str, quality: Staff) -> None:
    """Labelled, settled, locked; answered by an outside model; pinned to a need; corrected; told of by a colleague."""
    of = {"task": "sentiment", "voice_id": voice_id}
    Label.objects.create(**of, voice_version=1, value="negative", by=quality)
    Settled.objects.create(**of, voice_version=1, value="negative", by=quality)
    locked = EvaluationSet.objects.create(task="sentiment", sha256="0" * 64, by=quality)
    EvaluationItem.objects.create(of=locked, voice_id=voice_id, voice_version=1, label="negative")
    asked = [(question.key("m"), question.text) for question in outside.label_questions([f"\n{text}", normalise(text)])]
    with outside.ledger() as book:
        book.keep(CHAT, "m", timezone.localdate(), [Said(key, said, b"{}") for key, said in asked])
    need = Need.objects.create(name="少等", kind="pain_point")
    Pin.objects.create(need=need, voice_id=voice_id, counts=True, by=quality)
    actions.correct_voice(voice_id, "sentiment", "neutral", f"再听，电话{PHONE}", by=quality)
    ideas.file_idea(ideas.Wanted("少让客户等", f"客户电话{PHONE}说的"), "a-key-of-the-form", by=quality)


def complained(bank: Bank, voices: list[str], quality: Staff) -> list[Case]:
    """Of her message, which another joined; and by telephone alone, with a file and a note. Other systems are told."""
    Webhook.objects.create(name="CRM", url="https://crm.bank.example/", sealed=seal({"secret": "whsec_"}), by=quality)
    she = Person("complainant", Identity(name=NAME, phone=PHONE, customer_number="another"))
    common: dict[str, Any] = {"way": "phone", "unit": bank.north_outlet, "title": RARE, "text": SAID}
    cases = [
        complaints.register(Receipt(**common, voices=(voices[0],)), by=quality),
        complaints.register(Receipt(**common, people=(she,)), by=quality),
    ]
    complaints.join_voice(cases[0].number, voices[1], by=quality, risks=("media",))
    for case in cases:
        complaints.attach(case.pk, b"%PDF-1.7\n%%EOF", f"{NAME}{PHONE}.pdf", by=quality)
        complaints.do(case.pk, "note", Doing(words=SAID), by=quality)
    signalling.read_anew(timezone.localdate())
    return cases


def of_her(folder: Path, ids: set[str], *names: str) -> set[str]:
    return places_of(folder, PHONE, NUMBER, NICK, NAME, RARE, *ids, *names)


# What the law keeps for its term, sealed but for the masked words; a complaint's file is told of by its own page.
KEPT_BY_LAW = {
    "complaints.case.title",
    "complaints.case.text",
    "complaints.party.sealed",
    "complaints.partymark.mark",
    "complaints.event.sealed",
}
# Ids alone, keyed hashes that tell nothing: by them nothing comes back, and who did what can be told.
IDS_ALONE = {"feedback.tombstone.voice_id", "file tombstones", "access.auditrecord.on_id", "access.auditrecord.detail"}


def test_who_stands_everywhere_is_found_nowhere_but_where_the_law_keeps_her(
    bank: Bank,
    lake: Lake,
    quality: Staff,
    manager: Staff,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = {each: known(each, settings) for each in (NUMBER, PHONE, f"@{NICK}")}
    in_files(tmp_path, quality)
    by_hand(bank, manager, monkeypatch)
    in_talks_and_surveys(bank, quality, names[NUMBER])
    OptOut.objects.create(customer=names[NUMBER], via="staff", on=timezone.localdate())
    hers = [each for each in spoken(lake) if RARE in each.text]
    assert {each.channel for each in hers} == {
        "website", "hotline", "social", "suggestion_box", "focus_group", "survey",
    }  # fmt: skip
    message = next(each for each in hers if each.channel == "website")
    learnt_and_told_of(message.id, message.text, quality)
    cases = complained(bank, [message.id, next(each.id for each in hers if each is not message)], quality)
    ids = {each.id for each in hers}
    before = of_her(tmp_path, ids, *names.values())
    assert len(before) > 25, "she is planted indeed"

    for name in names.values():
        erasure = actions.erase_customer(name, f"客户来函，电话{PHONE}", by=quality)
        erasing.carry_out(erasure)
        assert certifying.is_clean(erasure), certifying.told(erasure)
    for case in cases:
        assert complaints.do(case.pk, "withdraw", Doing(words="算了"), by=quality).is_held
    left = of_her(tmp_path, ids, *names.values())
    assert left - KEPT_BY_LAW - IDS_ALONE == {"surveys.optout.customer"}, "so that nobody asks her again"
    assert not Erasure.objects.exclude(pseudonym="").exists()
