"""What have the bank's own people proposed, and what came of it? The same verbs as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema
from pydantic import Field

from huixiang.apps.ideas import actions
from huixiang.apps.ideas.models import ANSWER, FILE, LONGEST_NOTE, LONGEST_TEXT, LONGEST_TITLE, Idea
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.idempotency import HEADER
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import NO_NUL, Given, Limit, Page, RowId, Word, one_of

router = Router(tags=["ideas"])
MAY_FILE, MAY_ANSWER = Bearer(FILE), Bearer(ANSWER)
Kind = Annotated[Idea.Kind, one_of(Idea.Kind)]
About = Annotated[Idea.About, one_of(Idea.About)]


class IdeaIn(Given):
    """Unsigned (`is_signed` false), nothing tells whose it is; confidential, only head office sees it.

    `key`: drawn by the sender, the same when it is sent again. An unsigned one is refused with an
    Idempotency-Key: under it the answer is kept for a day beside the token.
    """

    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE, pattern=NO_NUL)]
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=NO_NUL)]
    kind: Kind = Idea.Kind.SUGGESTION
    about: About = Idea.About.OTHER
    is_signed: bool = True
    is_confidential: bool = False
    key: Annotated[str, Field(min_length=8, max_length=64, pattern=NO_NUL)]


class IdeaTurnIn(Given):
    """`note` is the answer that all who see the idea read."""

    verb: Literal["consider", "adopt", "finish", "decline"]
    note: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE, pattern=NO_NUL)]


class IdeaStepOut(Schema):
    state: Annotated[Idea.State, one_of(Idea.State)]
    note: str
    by: str | None
    at: datetime


class IdeaOut(Schema):
    """`by`: the staff number; null where it is unsigned."""

    id: int
    kind: Kind
    about: About
    title: str
    text: str
    unit: str
    by: str | None
    is_confidential: bool
    state: Annotated[Idea.State, one_of(Idea.State)]
    filed_on: date
    supports_count: int
    steps: list[IdeaStepOut]

    @classmethod
    def of(cls, idea: Idea) -> IdeaOut:
        steps = [
            IdeaStepOut(
                state=Idea.State(step.state), note=step.note, by=step.by.number if step.by else None, at=step.at
            )
            for step in idea.steps.all()
        ]
        return cls(
            id=idea.pk,
            kind=Idea.Kind(idea.kind),
            about=Idea.About(idea.about),
            title=idea.title,
            text=idea.text,
            unit=idea.unit.code,
            by=idea.by.number if idea.by else None,
            is_confidential=idea.is_confidential,
            state=Idea.State(idea.state),
            filed_on=idea.filed_on,
            supports_count=len(idea.supports.all()),
            steps=steps,
        )


@router.get("/ideas", auth=MAY_FILE, response=Page[IdeaOut], summary=gettext_noop("员工建议，最新在前"))
def list_ideas(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[IdeaOut]:
    rows = Idea.objects.visible_to(who(request)).select_related("unit", "by")
    rows = rows.prefetch_related("supports", "steps__by")
    found, following = page(rows, ("-filed_on", "-pk"), after, limit)
    return Page[IdeaOut](items=[IdeaOut.of(idea) for idea in found], next=following)


@router.get("/ideas/{idea_id}", auth=MAY_FILE, response=IdeaOut, summary=gettext_noop("一条员工建议及其答复"))
def read_idea(request: HttpRequest, idea_id: Path[RowId]) -> IdeaOut:
    return IdeaOut.of(get_object_or_404(Idea.objects.visible_to(who(request)), pk=idea_id))


@router.post("/ideas", auth=MAY_FILE, response={201: IdeaOut}, summary=gettext_noop("提出建议"))
def file_idea(request: HttpRequest, wanted: IdeaIn) -> IdeaOut:
    """The owner of the token says it."""
    if not wanted.is_signed and HEADER in request.headers:
        raise Invalid("header", HEADER, _("不署名的建议请不要带它：应答会在令牌名下保存一天"))
    fields = wanted.dict(exclude={"key"})
    return IdeaOut.of(actions.file_idea(actions.Wanted(**fields), wanted.key, by=who(request), source=source(request)))


@router.post("/ideas/{idea_id}/turn", auth=MAY_ANSWER, response=IdeaOut, summary=gettext_noop("答复一条员工建议"))
def turn_idea(request: HttpRequest, idea_id: Path[RowId], wanted: IdeaTurnIn) -> IdeaOut:
    return IdeaOut.of(actions.turn_idea(idea_id, wanted.verb, wanted.note, by=who(request), source=source(request)))
