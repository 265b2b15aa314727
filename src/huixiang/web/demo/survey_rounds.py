"""Whom does the demonstration's survey ask? Head office draws a few by chance; one branch asks whom it likes.

Which branch that is the truth of the made-up bank says: where only the pleased are asked, the manager takes those off
the list who spoke ill of the bank, draws from the rest, and hands links to customers who were served at once. All by
the product's own verbs; links are handed out, so nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.feedback.facts import lake
from huixiang.apps.surveys import actions, framing, handing, links, pleased
from huixiang.apps.surveys.actions import Terms
from huixiang.apps.surveys.actions.rounds import draw_round, leave_out
from huixiang.apps.surveys.drawing import Plan
from huixiang.apps.surveys.models import Framed, Invitation, Response, Round, Survey, Version
from huixiang.apps.surveys.starting import started
from huixiang.apps.surveys.submitting import Entry, submit
from huixiang.channels.survey_frames import FrameMapping
from huixiang.domain.surveys.conditions import Answers
from huixiang.domain.surveys.questionnaire import Kind, Question, Questionnaire
from huixiang.domain.surveys.sampling import Rule
from huixiang.lake import questions
from huixiang.simulation.speech import Speaker
from huixiang.web.demo import QUALITY_MANAGER, survey_list
from huixiang.web.demo.survey_list import Visit

NAME, LIST = "到店之后（抽样）", "到店名单.csv"
DRAWN, OWN = "每网点 40 位，随机抽取", "本网点自行抽样"
FROM_EACH, OWN_SHARE, HANDED = 40, 0.5, 24
ANSWERING = {DRAWN: 45, OWN: 8}  # of a hundred; of those who were handed a link nearly all do
ORIGIN = "http://127.0.0.1:8000"  # the list of links is looked at and thrown away
EXCUSE = "演示：近期不便打扰"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked about what: the visits by pseudonym, and who is known to be displeased."""

    version: Version
    visits: Mapping[str, Visit]
    displeased: frozenset[str]

    @property
    def survey(self) -> Survey:
        return self.version.survey


def hold(exports: Path) -> None:
    """Once; what was broken off goes on: who was asked, and who has answered, is known again."""
    gaming, size = survey_list.planted(exports)
    codes = Unit.objects.filter(kind=Unit.Kind.OUTLET, closed_on=None).order_by("code").values_list("code", flat=True)
    outlets = survey_list.outlets_of(gaming, list(codes))
    if Round.objects.filter(survey__name=NAME, is_handed=True).exists() and _are_answered():
        return
    manager = Staff.objects.get(number=QUALITY_MANAGER)
    asking = _asking(_published(manager), exports, outlets)
    _draw(asking, DRAWN, Rule(by=("unit",), size=FROM_EACH * len(outlets), is_even=True), manager)
    head = _manager_of(gaming[0]) if gaming else None
    if head:
        _own_round(asking, gaming[0], size, head)
        _hand_over(asking, gaming[0], head)
    count = _answer(asking, survey_list.speaker(exports))
    total = Invitation.objects.filter(round__survey=asking.survey).count()
    print(f"问卷：{NAME} 问了 {total} 位，{count} 位作答 / a survey: {total} asked, {count} answered")  # noqa: T201


def _published(manager: Staff) -> Version:
    top = Unit.objects.get(parent=None)
    found = Survey.objects.filter(name=NAME).first() or actions.create_survey(
        top, Terms(NAME), _asked_apart(started("visit")), by=manager, source="cli", start="visit"
    )
    return found.latest or actions.publish_survey(found.pk, found.revision, by=manager, source="cli")


def _asked_apart(visit: Questionnaire) -> Questionnaire:
    """Each aspect of the matrix as a question of its own: so the results tell which of them go with the verdict."""
    sections = []
    for section in visit.sections:
        questions: list[Question] = []
        for one in section.questions:
            rows = one.rows if one.code == "parts" else ()
            questions += [Question(r.code, Kind.CSAT, r.wording, most=5, aspect=r.wording["zh"]) for r in rows] or [one]
        sections.append(replace(section, questions=tuple(questions)))
    return replace(visit, sections=tuple(sections))


def _asking(version: Version, exports: Path, outlets: list[str]) -> Asking:
    """The list comes in; a second time it adds nothing."""
    path, found = exports / "surveys" / LIST, survey_list.visits(exports, outlets)
    survey_list.write(path, exports, found)
    if not Framed.objects.filter(survey=version.survey).exists():
        framing.bring(path, version.survey, FrameMapping(), actor=Staff.objects.get(number=QUALITY_MANAGER))
    by_name = {framing.pseudonym_of(one.customer): one for one in found}
    today = timezone.localdate()
    unhappy = questions.displeased(lake(), today - timedelta(days=pleased.DAYS), today, version.survey.slug)
    return Asking(version, by_name, frozenset(unhappy & by_name.keys()))


def _draw(asking: Asking, name: str, rule: Rule, by: Staff) -> None:
    """Draw, and take the links out of the system: from then on they count as handed to the customers."""
    days = sorted(one.met_on for one in asking.visits.values())
    plan = Plan(days[0], days[-1], rule, Round.By.LINK)
    round_ = Round.objects.filter(survey=asking.survey, name=name).first() or draw_round(
        asking.survey, name, plan, by=by, source="cli"
    )
    if round_.links_taken_at is None:
        handing.take_links(round_, ORIGIN, by=by, source="cli")


def _own_round(asking: Asking, outlet: str, size: float, head: Staff) -> None:
    """Of the displeased who were not asked yet the share that the truth names is taken off the list by hand."""
    if not Round.objects.filter(survey=asking.survey, name=OWN).exists():
        asked = _asked(asking.survey)
        unhappy = [asking.visits[name] for name in asking.displeased - asked if asking.visits[name].outlet == outlet]
        unhappy.sort(key=lambda one: (one.lot("unwanted"), one.customer))
        for one in unhappy[: round(size * len(unhappy))]:
            leave_out(asking.survey, one.customer, EXCUSE, by=head, source="cli")
    _draw(asking, OWN, Rule(by=("unit",), share=OWN_SHARE), head)


def _hand_over(asking: Asking, outlet: str, head: Staff) -> None:
    """To customers who were served at once and never complained: they give five stars."""
    unit, asked = Unit.objects.get(code=outlet), _asked(asking.survey)
    content = [
        one
        for name, one in asking.visits.items()
        if one.outlet == outlet and one.satisfied == 5 and name not in asked | asking.displeased
    ]
    there = Invitation.objects.filter(round__survey=asking.survey, round__is_handed=True).count()
    for one in sorted(content, key=lambda one: one.customer)[: HANDED - there]:
        handing.hand_over(asking.survey, one.customer, unit, by=head, source="cli")


def _answer(asking: Asking, speaker: Speaker) -> int:
    """Some of each round, each once; how many have answered?"""
    sent = Invitation.objects.filter(round__survey=asking.survey, state=Invitation.State.SENT)
    for one in sent.select_related("round", "unit"):
        visit = asking.visits.get(one.customer)
        if visit and not one.is_used and visit.lot("answers") < ANSWERING.get(one.round.name, 90):
            answers = visit.answers(speaker, is_displeased=one.customer in asking.displeased)
            submit(_entry(asking.version, one, answers), timezone.now())
    return sent.filter(is_used=True).count()


def _entry(version: Version, one: Invitation, answers: Answers) -> Entry:
    return Entry(
        version,
        links.once("", one.token),
        answers,
        _shown(version, was_done=answers["done"] == "yes"),
        "zh",
        Response.Via.INVITATION,
        invitation=one,
        seconds=45 + one.pk.int % 100,
    )


def _shown(version: Version, *, was_done: bool) -> list[str]:
    codes: Iterable[str] = (question.code for question in version.questionnaire.questions())
    return [code for code in codes if code != "why_not" or not was_done]


def _are_answered() -> bool:
    return Response.objects.filter(version__survey__name=NAME, invitation__round__is_handed=True).exists()


def _asked(survey: Survey) -> set[str]:
    return set(Invitation.objects.filter(round__survey=survey).values_list("customer", flat=True))


def _manager_of(outlet: str) -> Staff | None:
    posts = Post.objects.filter(unit__code=outlet, role="branch_manager", staff__is_active=True)
    first = posts.select_related("staff").order_by("staff__number").first()
    return first.staff if first else None
