"""Which voices become complaints by the rules in force? Each once, with the reason kept; the rest is for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, beats, jobs
from huixiang.apps.access.models import Job, Unit
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.complaints.actions.registering import register_by_rule
from huixiang.apps.complaints.actions.ruling import receipt_of, title_of
from huixiang.apps.complaints.models import Case, CaseVoice, VoiceRuleBook, VoiceTaking
from huixiang.apps.complaints.repeating import matters_alike
from huixiang.apps.complaints.voice_rulebook import rules_of
from huixiang.apps.feedback.facts import lake
from huixiang.domain.complaints.voice_rules import Heard, Then, VoiceRule, rule_for
from huixiang.domain.feedback import Channel
from huixiang.lake import questions
from huixiang.lake.questions import Slice, Voice

KIND = "complaint_voices"
SAID_BEFORE = timedelta(days=90)  # of what comes in now, what was said longer ago is for people
LOOKED_BACK = timedelta(days=35)  # what came in earlier was looked at on many nights
PREVIEWED = timedelta(days=30)
PORTION, MOST_PREVIEWED, MOST_SHOWN = 500, 20_000, 20
MOST_OPEN = 20  # of one customer's open cases compared
State = VoiceTaking.State
_looked: list[tuple[int, date]] = []  # the lake's version and the day that this process looked at last


@dataclass(frozen=True, slots=True)
class Fitting:
    """A voice with the rule that takes it, by what, and who speaks ("" where that is not known)."""

    voice: Voice
    rule: VoiceRule
    why: dict[str, object]
    customer: str


@dataclass
class Preview:
    """What rules would have done to the last 30 days: counts by rule and by what becomes of the voice."""

    since: date
    read: int = 0
    is_cut: bool = False
    rules: dict[str, Counter[str]] = field(default_factory=dict)
    examples: list[tuple[str, str]] = field(default_factory=list)  # voice, rule


@jobs.work(KIND)
def work(progress: jobs.Progress) -> Sentence:
    with beats.alive(progress):
        count = take_due(timezone.now())
    return Sentence(gettext_noop("按规则处理了 %(count)s 条声音。"), {"count": count})


def begin_due(now: datetime) -> Job | None:
    """Every few seconds: have voices come in since this process looked last, and is nobody at it?"""
    today = timezone.localdate(now)
    if VoiceRuleBook.objects.in_force(today) is None:
        return None
    mark = (lake().version("voices"), today)
    if _looked == [mark]:
        return None
    of_ours = Job.objects.filter(kind=KIND)
    if of_ours.filter(state__in=Job.OPEN).exists():
        return None
    _looked[:] = [mark]
    with transaction.atomic():
        of_ours.filter(state=Job.State.DONE).delete()
        return jobs.start(KIND, Sentence(gettext_noop("按规则把声音转为投诉"), {}), None)


def take_due(now: datetime) -> int:
    """Take all voices that came in since the rules in force began; how many were taken? Run again, it finds the rest.

    A voice is taken in one transaction with what becomes of it, so that a killed process leaves none half taken.
    """
    book = VoiceRuleBook.objects.in_force(timezone.localdate(now))
    rules = rules_of(book.text) if book else ()
    if book is None or not rules:
        return 0
    first = max(book.effective_from, timezone.localdate(now) - LOOKED_BACK)
    begun = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    heard = _voices(rules, first - SAID_BEFORE)
    return sum(_take(each, book) for each in fitting((v for v in heard if v.received_at >= begun), rules))


def _voices(rules: Iterable[VoiceRule], since: date) -> Iterator[Voice]:
    channels = tuple(sorted({channel for rule in rules for channel in rule.channels}))
    return questions.stream(lake(), Slice(channels=channels, since=since))


def fitting(heard: Iterable[Voice], rules: tuple[VoiceRule, ...]) -> Iterator[Fitting]:
    """Those that a rule takes and nobody has dealt with. Who speaks is asked for a portion at a time."""
    some = iter(heard)
    while portion := list(islice(some, PORTION)):
        ids = [voice.id for voice in portion]
        done = set(VoiceTaking.objects.filter(voice_id__in=ids).values_list("voice_id", flat=True))
        done |= set(CaseVoice.objects.filter(voice_id__in=ids).values_list("voice_id", flat=True))
        left = [voice for voice in portion if voice.id not in done]
        known = questions.speakers(lake(), [v.id for v in left if Channel(v.channel).is_answered]) if left else {}
        for voice in left:
            if found := rule_for(_heard(voice, voice.id in known), rules):
                yield Fitting(voice, *found, known.get(voice.id, ""))


def _heard(voice: Voice, is_known: bool) -> Heard:
    told = json.loads(voice.findings or "{}").get("kind", {}).get(voice.kind) or [None]
    return Heard(voice.channel, voice.kind, told[0], voice.risks, is_known)


def _take(found: Fitting, book: VoiceRuleBook) -> bool:
    """Once, whoever else is at it: the row of the voice is unique, and stands or falls with the case."""
    voice = found.voice
    unit = Unit.objects.filter(code=voice.branch or "", closed_on=None).first()
    state, other = outcome(found, unit)
    with transaction.atomic():
        row, is_new = VoiceTaking.objects.get_or_create(
            voice_id=voice.id,
            defaults={"book": book, "rule": found.rule.code, "why": found.why, "unit": unit, "state": state},
        )
        if not is_new or CaseVoice.objects.filter(voice_id=voice.id).exists():
            return False
        case = other
        if state == State.REGISTERED:
            assert unit
            case = register_by_rule(receipt_of(voice, unit, found.customer), source=f"rule:{found.rule.code}"[:64])
        VoiceTaking.objects.filter(pk=row.pk).update(case=case)
        audit.record("complaint.voice_taken", by="system:voice_rules", on_kind="voice", on_id=voice.id,
                     rule=found.rule.code, book=book.pk, state=str(state))  # fmt: skip
    return True


def outcome(found: Fitting, unit: Unit | None) -> tuple[State, Case | None]:
    """The same customer's open case of the same matter is joined, by a person. A copy, or a voice of no unit, waits."""
    other = _same_matter(found, unit)
    if other is not None:
        return State.JOIN, other
    is_plain = unit is not None and found.voice.duplicate_of is None
    return (State.REGISTERED if found.rule.then is Then.REGISTER and is_plain else State.PROPOSED), None


def _same_matter(found: Fitting, unit: Unit | None) -> Case | None:
    if not found.customer:
        return None
    rows = Case.objects.open().filter(customer=found.customer, merged_into=None, is_held=False)
    own = list(rows.order_by("-received_at")[:MOST_OPEN])
    voice = found.voice
    this = Case(
        number="", customer=found.customer, received_at=voice.received_at, title=title_of(voice), text=voice.text
    )
    return next(iter(matters_alike(this, own)), None)


def preview(text: str, now: datetime) -> Preview:
    """What would these rules have done to what came in within the last 30 days? Nothing is changed. Raises Fault."""
    rules = rules_of(text)
    since = timezone.localdate(now) - PREVIEWED
    found = Preview(since, rules={rule.code: Counter() for rule in rules})
    if not rules:
        return found
    begun = now - PREVIEWED
    heard = (voice for voice in _voices(rules, since - SAID_BEFORE) if voice.received_at >= begun)
    units = {unit.code: unit for unit in Unit.objects.filter(closed_on=None)}
    for each in fitting(_counted(heard, found), rules):
        state, _case = outcome(each, units.get(each.voice.branch or ""))
        found.rules[each.rule.code][state.value] += 1
        if len(found.examples) < MOST_SHOWN:
            found.examples.append((each.voice.id, each.rule.code))
    return found


def _counted(heard: Iterable[Voice], found: Preview) -> Iterator[Voice]:
    """No more than a page can wait for; that there were more is said."""
    some = iter(heard)
    for voice in islice(some, MOST_PREVIEWED):
        found.read += 1
        yield voice
    found.is_cut = next(some, None) is not None
