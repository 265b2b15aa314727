"""How long are answers to named surveys kept, and what is left then? As whole-bank staff have set it, by months.

Answers to anonymous surveys are nobody's and have no term. Written words are voices: they go by the term of the channel
"survey". What comes too late, from a file that is brought in again or a row that waited, does not come in (landing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, gettext_noop, ngettext

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.models import Job
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import batches, own_keeping, terms
from huixiang.apps.feedback.expiring import SYSTEM, Turn, end
from huixiang.apps.feedback.facts import lake as the_lake
from huixiang.apps.feedback.keeping import Keeping, clear, keeps
from huixiang.apps.feedback.models import Expiry, Term, Tombstone
from huixiang.apps.feedback.terms import Amount, Besides, Words
from huixiang.apps.surveys.landing import TERM
from huixiang.apps.surveys.models import Invitation, Response, Survey
from huixiang.domain.feedback import Channel
from huixiang.lake import questions
from huixiang.lake.expiring_answers import SurveyMonth, expire_answers, tell_alike, with_words
from huixiang.lake.locks import held, is_held, patient
from huixiang.lake.questions import Stored

CODE, VERB = TERM, "survey.expire"
KEEPING = "survey_answers"
AGAIN = timedelta(hours=1)  # so long after a failure it is tried anew
NAME = gettext_lazy("问卷答卷")
FEW, MANY = 500, 20_000  # rows looked up at once: each look reads all that are over


def over(today: date) -> str:
    """Before which month ("2024-12") were answers given that are not kept any more? "": none."""
    return terms.over(terms.of(CODE), today)


@jobs.work("expiry")
def work(progress: jobs.Progress) -> Sentence:
    return Sentence(gettext_noop("清理到期的答卷 %(count)s 份。"), {"count": clear(timezone.now(), KEEPING)})


def begin_due(now: datetime) -> Job | None:
    """Each few seconds: did a night break off half-way, and is nobody at it? Until it ends lists lack choices."""
    if not Expiry.objects.filter(channel=CODE, finished_at=None).exists() or is_held(_lock()):
        return None
    of_ours = Job.objects.filter(kind="expiry")
    if of_ours.filter(Q(state__in=Job.OPEN) | Q(state=Job.State.FAILED, ended_at__gt=now - AGAIN)).exists():
        return None
    with transaction.atomic():
        of_ours.delete()
        return jobs.start("expiry", Sentence(gettext_noop("接着清理到期的答卷"), {}), None)


def _lock() -> Path:
    return Path(settings.DATA_DIR) / "locks" / "expiry-answers"


def carry_out(now: datetime, waiting: Callable[[], None] = patient) -> int:
    """How many responses went? Where no term holds, only what broke off is ended."""
    with held(_lock(), waiting):
        return _carried_out(now, waiting)


def _carried_out(now: datetime, waiting: Callable[[], None]) -> int:
    term, lake = terms.of(CODE), the_lake()
    turn = Turn(lake, term, terms.over(term, timezone.localdate(now)), waiting)
    if turn.before:
        for row in _due(turn):
            _go(turn, row)
        _forget_rows(turn.before)
    for run in Expiry.objects.filter(channel=CODE, finished_at=None):
        end(lake, run, waiting, VERB)
    return turn.gone


def _due(turn: Turn) -> list[tuple[str, str]]:
    """Survey and month."""
    rows = [each for each in _stored() if each.month < turn.before]
    return sorted({(each.channel, each.month) for each in rows if each.words or (turn.with_figures and each.figures)})


def _go(turn: Turn, of: tuple[str, str]) -> None:
    """Portion by portion: others write in between."""
    with _held(turn, of) as lot:
        turn.begun()
        if not turn.with_figures:
            tell_alike(turn.lake, lot)
    gone = 1
    while gone:
        with _held(turn, of) as lot:
            gone = expire_answers(turn.lake, lot, turn.renamed())
            Expiry.objects.filter(pk=turn.begun().pk).update(voices=F("voices") + gone)
        turn.gone += gone


@contextmanager
def _held(turn: Turn, of: tuple[str, str]) -> Iterator[SurveyMonth]:
    turn.waiting()
    with batches.turn(turn.lake, turn.waiting):
        # A customer's request is carried out as such, with its certificate.
        asked = Tombstone.objects.filter(erasure__finished_at=None).values_list("voice_id", flat=True)
        # Words that wait would tell, by pseudonym, unit and points, which row is whose: their answers wait with them.
        worded = set() if turn.with_figures else with_words(turn.lake, *of)
        yield SurveyMonth(*of, held=frozenset(asked) | worded, figures=turn.with_figures)


def _forget_rows(before: str) -> int:
    """Rows of answers that are over, also such as never came into the lake; and who had been invited to them."""
    rows, count = _rows(before), 0
    while found := list(rows.values_list("pk", flat=True)[:MANY]):
        count += sum(_forget(found[start : start + FEW]) for start in range(0, len(found), FEW))
    if count:
        audit.record(VERB, by=SYSTEM, on_kind="channel", on_id=CODE, kept_from=before, rows=count)
    return count


def _forget(some: Sequence[UUID]) -> int:
    with transaction.atomic():
        invited = Response.objects.filter(pk__in=some).exclude(invitation=None).values_list("invitation", flat=True)
        Invitation.objects.filter(pk__in=list(invited)).update(contact=None, customer="")
        return Response.objects.filter(pk__in=some).delete()[0]


def _rows(before: str) -> QuerySet[Response]:
    """By their day: what a restored database brings back is found again, whatever the lake knows."""
    stones = Tombstone.objects.filter(erasure__finished_at=None).values("voice_id")
    old = Response.objects.filter(answered_on__lt=date.fromisoformat(f"{before}-01"))
    return old.filter(version__survey__is_anonymous=False).exclude(landed_as__in=stones).order_by("pk")


def stored(reach: frozenset[str] | None = None, until: str = "") -> Amount:
    """Responses to named surveys in the lake; as figures, those of which only choices are left."""
    rows = [row for row in _stored() if (not until or row.month < until) and (reach is None or row.branch in reach)]
    return Amount(sum(row.words for row in rows), sum(row.figures for row in rows))


def _stored() -> list[Stored]:
    anonymous = set(Survey.objects.filter(is_anonymous=True).values_list("slug", flat=True))
    return [row for row in questions.stored(the_lake(), "responses") if row.channel not in anonymous]


def _due_count(now: datetime) -> int:
    if not (before := over(timezone.localdate(now))):
        return 0
    found = stored(until=before)
    return found.voices + (found.figures if terms.of(CODE).manner == Term.Manner.DELETE else 0)


def _told() -> str | Promise:
    term = terms.of(CODE)
    if term.months is None:
        return gettext("没有期限；应客户要求删除；匿名问卷的答卷不属于任何人，不设期限")
    return gettext("%(told)s；匿名问卷的答卷不属于任何人，不设期限") % {"told": own_keeping.told_months(term)}


terms.BESIDES[CODE] = Besides(
    NAME,
    stored,
    Words(
        about=gettext_lazy(
            "只留统计：选项留下，谁答的、哪封邀请、哪一天清除，只留月份；"
            "同月少于 10 份相同的机构、客群等也不再分列，合计与加权不变。"
            "匿名问卷的答卷本来就不属于任何人，不在其内。"
        ),
        since=gettext_lazy("从作答那个月的月底算起，6 到 240 个月；空着就没有期限。"),
        manners=(
            gettext_lazy("只留统计：选项留下，不再属于任何人"),
            gettext_lazy("全部清除，统计数字随之减少"),
        ),
        stored=lambda count: ngettext("现存 %(count)s 份记名答卷", "现存 %(count)s 份记名答卷", count),
        figures=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 份答卷里的客户假名、邀请与日期",
            "%(month)s 之前的 %(count)s 份答卷里的客户假名、邀请与日期",
            count,
        ),
        deletes=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 份答卷，连同全部选项、只留统计的也在内",
            "%(month)s 之前的 %(count)s 份答卷，连同全部选项、只留统计的也在内",
            count,
        ),
    ),
    caps=Channel.SURVEY.value,
)
keeps(
    Keeping(
        code=KEEPING,
        channel=NAME,
        holds=gettext_lazy("记名问卷的答卷：选项、客户假名、邀请、日期（文字是声音，随“问卷调查”的期限）"),
        days=_told,
        ground=gettext_lazy("改进服务质量；个人信息保护法第六条、第十九条：限于必要的最短时间"),
        stored=lambda: stored().voices,
        due=_due_count,
        clear=carry_out,
        settings=("retention_channel", CODE),
        within=lambda reach: stored(reach).voices,
    )
)
