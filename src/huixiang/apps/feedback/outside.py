"""Which outside model helps with stored voices? The one that the administrator named; each use is in the audit.

What it says is a suggestion, kept in the ledger of plugins/; a need's statement may quote a name, and a label notes
what was suggested beside it. It is no label, no correction, and no reading of a voice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, beats, jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.access.sealing import seal, unseal
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import rulebooks
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.asked import names
from huixiang.domain.understanding.asked.labels import Choices, Suggested, suggested
from huixiang.domain.understanding.asked.question import Question, fit_to_leave
from huixiang.domain.understanding.masking import MARK
from huixiang.domain.understanding.normal import normalise
from huixiang.plugins import checking
from huixiang.plugins.chat import Answer, Chat
from huixiang.plugins.chat import known as kept
from huixiang.plugins.ledger import Ledger, key_of
from huixiang.plugins.service import CHAT, LEDGER, PREFIXES, Service, named

RIGHT = "voice.correct"  # who may correct may have others suggest; the budget bounds what it costs
MOST_NAMES = 20  # topics named at once
log = logging.getLogger(__name__)
KEPT = timedelta(days=400)  # a little more than a year: the same season is read once more at no cost
SALT, DAY = "feedback.topics", 24 * 3600


def service() -> Service | None:
    """The chat model, or None where there is none, or its settings are wrong: the models' page tells which."""
    try:
        return named(CHAT)
    except Fault:
        return None


def standings() -> tuple[list[checking.Standing], list[Fault]]:
    """What is set and what it has cost today, without asking anybody; and what is set wrongly."""
    found, faults = [], []
    for name in PREFIXES:
        try:
            if of := named(name):
                with ledger() as book:
                    found.append(checking.standing(of, book, rulebooks.today))
        except Fault as fault:
            faults.append(fault)
    return found, faults


def reached(name: str) -> checking.Reached | None:
    """Does it answer now? No customer's text is sent. None where none is named; raises Fault."""
    of = named(name)
    return checking.reached(of) if of else None


def ledger() -> Ledger:
    return Ledger(_place(), key_of(settings.MASKING_KEY))


def _place() -> Path:
    return Path(settings.DATA_DIR) / LEDGER


def said(title: str, text: str) -> str:
    """What is asked about of one voice."""
    return f"{title}\n{text}".strip()


def forget(name: str) -> int:
    """Throw away all answers of one service; how many?"""
    if not _place().exists():
        return 0
    with ledger() as book:
        return book.forget(name)


def forget_voices(texts: Iterable[tuple[str, str]]) -> int:
    """Throw away what was answered about voices, by title and text as they are stored. Raises Fault.

    Also about the text alone and the normal form, of which commands ask.
    """
    if not _place().exists():
        return 0
    plain = [each for title, text in texts for each in (said(title, text), text)]
    sent = {fit_to_leave(form) for each in plain for form in (each, normalise(MARK.sub("。", each)))}
    with ledger() as book:
        return book.forget_texts(sent)


def forget_old(today: date) -> int:
    """The nightly round's part: what was answered long ago may be asked anew. How many answers were thrown away?"""
    if not _place().exists():
        return 0
    with ledger() as book:
        return book.forget_before(today - KEPT)


def ask(questions: Sequence[Question], purpose: str, *, by: Staff | str, source: str = "") -> list[Answer]:
    """Ask, and tell the audit who asked where, what for, and how much; nothing at all where no model is named."""
    of = service()
    if of is None or not questions:
        return []
    with ledger() as book, Chat(of, book, rulebooks.today) as chat:
        outcome = "failed"
        try:
            answers = chat.ask(questions)
            outcome = "done"
        finally:  # whatever happened: some of it may have left
            cost = chat.caller.purse.run
            told: dict[str, Any] = {"purpose": purpose, "host": of.host, "model": of.model, "asked": len(questions)}
            told |= {**chat.told, "requests": cost.requests, "tokens": cost.tokens}
            audit.record("plugin.ask", by=by, on_kind="plugin", on_id=of.name, source=source, outcome=outcome, **told)
    return answers


def known(questions: Sequence[Question]) -> list[Answer | None]:
    """What was answered before; None where it was not. Nothing is sent."""
    of = service()
    if of is None or not questions:
        return [None] * len(questions)
    try:
        with ledger() as book:
            found = kept(of, book, questions)
    except Fault as fault:  # a page does without; the models' page tells
        log.warning("%s", fault)
        return [None] * len(questions)
    return [found.get(each.key(of.model)) for each in questions]


def label_questions(texts: Sequence[str]) -> list[Question]:
    """By the bank's books of today."""
    day = rulebooks.today()
    choices = Choices.of(rulebooks.book("taxonomy", day), rulebooks.book("risks", day))
    return [choices.question(text) for text in texts]


def suggestion(answer: Answer | None) -> Suggested | None:
    return suggested(answer.value) if answer and answer.value is not None else None


def known_names(topics: Sequence[Sequence[str]]) -> list[str]:
    """What the model called topics of these phrases; "" where it was not asked, or knew no fitting name."""
    return [_name(answer) for answer in known([names.question(phrases) for phrases in topics])]


def ask_names(topics: Sequence[Sequence[str]], *, by: Staff | str, source: str = "") -> list[str]:
    """As `known_names`, and asks for those that are not known."""
    if service() is None:
        return [""] * len(topics)
    answers = ask([names.question(phrases) for phrases in topics[:MOST_NAMES]], "topic_names", by=by, source=source)
    return [*map(_name, answers), *[""] * (len(topics) - len(answers))]


def start_names(sealed: str, *, by: Staff, source: str = "") -> Job:
    """Have the model asked for names of the topics of a page, as a job. Raises Fault.

    They come back sealed: nobody sends words of her own out through here.
    """
    if RIGHT not in by.rights:
        raise PermissionDenied
    if service() is None:
        raise Fault("没有设置外接模型；请管理员查看“理解模型”页")
    try:
        topics = signing.loads(sealed, salt=SALT, max_age=DAY)
    except signing.BadSignature:
        raise Fault("这一页已经过期，请重新归纳") from None
    with transaction.atomic():
        title = Sentence(gettext_noop("请外接模型为 %(count)s 个话题起名"), {"count": len(topics)})
        kept = seal({"topics": topics}).decode()  # words of customers, which outlive neither their voices nor reach
        job = jobs.start("name_topics", title, by, kept=kept, staff_id=by.pk)
        audit.record("topic.name", by=by, on_kind="plugin", source=source, count=len(topics))
    return job


def sealed(topics: Sequence[Sequence[str]]) -> str:
    return signing.dumps([list(phrases) for phrases in topics], salt=SALT)


@jobs.work("name_topics")
def work(progress: jobs.Progress, kept: str, staff_id: int) -> Sentence:
    """May run twice: what was answered is kept."""
    topics = unseal(kept.encode())["topics"]
    with beats.alive(progress):
        found = ask_names(topics, by=Staff.objects.get(pk=staff_id))
    message = gettext_noop("外接模型为 %(count)s 个话题建议了名称。")
    return Sentence(message, {"count": sum(map(bool, found))})


def _name(answer: Answer | None) -> str:
    return str(answer.value["name"]) if answer and answer.value is not None else ""
