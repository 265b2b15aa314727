"""How do answers collected elsewhere come in by the bank's imports? With their account, their job, their quarantine.

Who manages surveys brings such files in, and mends what was left out of them; whose rows one may open is as with
files of feedback: one's own, and those of people who reach no further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import batches, guests
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.interpreter import Interpreter
from huixiang.apps.feedback.models import Batch, Import
from huixiang.apps.feedback.reading import Reader
from huixiang.apps.surveys.answer_format import FORMAT, TITLE, AnswerFormat, AnswerGate
from huixiang.apps.surveys.answer_landing import AnswersLanding
from huixiang.apps.surveys.landing import Landing
from huixiang.apps.surveys.models import Version
from huixiang.apps.surveys.portioning import carry_on
from huixiang.apps.surveys.taking import form_of
from huixiang.channels import survey_answers
from huixiang.channels.contract import Defaults
from huixiang.lake.locks import patient

RIGHT = "survey.manage"


class Answers:
    """The guest: see guests.Guest."""

    format, title, right = FORMAT, TITLE, RIGHT

    def visible_to(self, staff: Staff) -> Q:
        if RIGHT not in staff.rights:
            return Q(pk__in=[])
        codes, ours = staff.scope(RIGHT), Q(format=FORMAT)
        return ours if codes is None else ours & (Q(by=staff) | Q(answers__version__survey__unit__code__in=codes))

    def opened_to(self, staff: Staff) -> Q:
        codes, seen = staff.scope(RIGHT), self.visible_to(staff)
        if codes is None or RIGHT not in staff.rights:
            return seen
        people = Staff.objects.filter(pk__in=Import.objects.filter(seen).values("by"))
        trusted = [one.pk for one in people if (reach := one.scope(RIGHT)) and reach <= codes]
        return seen & (Q(by=staff) | Q(by__in=trusted))

    def reader(self, imported: Import, units: frozenset[str] | None, now: datetime) -> Reader:
        return reader(version_of(imported), imported.mapping, units, now)

    @contextmanager
    def landing(
        self, imported: Import, through: Reader, waiting: Callable[[], None] = patient
    ) -> Iterator[AnswersLanding]:
        assert isinstance(through.format, AnswerFormat)
        with Interpreter() as interpreter:
            yield AnswersLanding(through.format.form, Landing(lake(), imported, interpreter, waiting))

    def landed(self, imported: Import) -> None:
        """Of an anonymous survey what may be told is reckoned anew; killed before, the night does it."""
        survey = version_of(imported).survey
        if survey.is_anonymous:
            carry_on(lake(), survey)

    def closing(self, imported: Import) -> Sentence:
        message = gettext_noop(
            "读入 %(rows)s 行：新增 %(new)s 份，已有 %(same)s 份，没有交 %(unfinished)s 份，"
            "曾删除或已过期限 %(erased)s 份，隔离 %(quarantined)s 行。"
        )
        return Sentence(message, dict[str, object](counts(imported)))

    def beside(self, imported: Import) -> str:
        count = unfinished(imported)
        text = ngettext("文件里另有 %(count)s 份没有交，不计入。", "文件里另有 %(count)s 份没有交，不计入。", count)
        return text % {"count": count} if count else ""

    def became(self, batch: Batch) -> str:
        if batch.erased:
            return _("这是应客户要求删除过、或已过保存期限的答卷，没有收；这一行的内容也已清除。")
        return _("已修正，新增一份答卷。") if batch.new else _("已修正；这个编号的答卷此前已收，没有重复计数。")

    def about(self, imported: Import) -> tuple[str, str]:
        version = version_of(imported)
        words = _("%(survey)s 第 %(number)s 版") % {"survey": version.survey.name, "number": version.number}
        return words, reverse("survey_answer_file", args=[version.survey_id])


ANSWERS = guests.welcome(Answers())


def reader(version: Version, mapping: str, units: frozenset[str] | None, now: datetime) -> Reader:
    """How is a row of answers to this version read by this mapping, which is settled? Raises Fault."""
    by = survey_answers.mapping(mapping)
    form = AnswerFormat(form_of(version, by.series), by)
    known = frozenset(Unit.objects.values_list("code", flat=True))
    gate = AnswerGate(known, units, form.columns)
    return Reader(form, Defaults(time_zone=settings.TIME_ZONE, now=now), gate, voice_key())  # type: ignore[arg-type]


def version_of(imported: Import) -> Version:
    return Version.objects.select_related("survey").get(files__of=imported)


def counts(imported: Import) -> dict[str, int]:
    """rows = new + same + unfinished + erased + quarantined; mended rows count where they went."""
    total = account(imported)
    names = ("new", "same", "erased", "quarantined")
    told = {name: getattr(total, name) for name in names}
    return {"rows": total.read + unfinished(imported), "unfinished": unfinished(imported)} | told


def unfinished(imported: Import) -> int:
    """Rows of questionnaires that were begun and never handed in: read, and counted nowhere."""
    confirmed = imported.batches.exclude(confirmed_at=None).order_by()
    return batches.rows_read(imported) - (confirmed.aggregate(all=Sum("read"))["all"] or 0)
