"""What runs through the talks, with which words, and which need does it bear out? As on the pages."""

from __future__ import annotations

from typing import Annotated

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path, Router
from pydantic import Field

from huixiang.apps.access import audit
from huixiang.apps.focus import actions
from huixiang.apps.focus.actions.themes import MOST_QUOTES
from huixiang.apps.focus.models import Theme
from huixiang.web.api.auth import shown, source, who
from huixiang.web.api.focus import MANAGE, SEE, SEEN, refuse_blind, study
from huixiang.web.api.focus_shapes import FocusThemeOut
from huixiang.web.api.needs import NeedKind
from huixiang.web.api.shapes import NO_NUL, Given, RowId

router = Router(tags=["focus"])


class FocusThemeIn(Given):
    """`codes` of the study's book; `quotes` are utterances whose speakers allow to be quoted."""

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=NO_NUL)]
    definition: Annotated[str, Field(max_length=1000, pattern=NO_NUL)] = ""
    codes: Annotated[list[RowId], Field(min_length=1, max_length=120)]
    quotes: Annotated[list[RowId], Field(max_length=MOST_QUOTES)] = []

    def meaning(self) -> actions.Meaning:
        return actions.Meaning(self.name, self.definition, self.codes, self.quotes)


class FocusLinkIn(Given):
    need_id: RowId


class FocusProposeIn(Given):
    """The kind of the need that is proposed: it bears the theme's name and definition."""

    kind: NeedKind


@router.get(
    "/focus/studies/{study_id}/themes", auth=SEE, response=list[FocusThemeOut], summary=gettext_noop("研究的主题")
)
def list_focus_themes(request: HttpRequest, study_id: Path[RowId]) -> list[FocusThemeOut]:
    rows = study(request, study_id).themes.all()
    refuse_blind(study_id, who(request))
    found = [FocusThemeOut.of(made) for made in rows]
    count = sum(len(each.quotes) for each in found)
    audit.record("focus.read", by=who(request), on_kind="study", on_id=study_id, source=source(request), count=count)
    return found


@router.post(
    "/focus/studies/{study_id}/themes",
    auth=MANAGE,
    response={201: FocusThemeOut | None},
    summary=gettext_noop("新建主题"),
)
def add_focus_theme(request: HttpRequest, study_id: Path[RowId], given: FocusThemeIn) -> FocusThemeOut | None:
    refuse_blind(study_id, who(request))
    made = actions.make_theme(study_id, given.meaning(), by=who(request), source=source(request))
    return _told(request, made)


@router.put("/focus/themes/{theme_id}", auth=MANAGE, response=FocusThemeOut | None, summary=gettext_noop("修改主题"))
def change_focus_theme(request: HttpRequest, theme_id: Path[RowId], given: FocusThemeIn) -> FocusThemeOut | None:
    _sighted(request, theme_id)
    made = actions.change_theme(theme_id, given.meaning(), by=who(request), source=source(request))
    return _told(request, made)


@router.post(
    "/focus/themes/{theme_id}/link",
    auth=MANAGE,
    response=FocusThemeOut | None,
    summary=gettext_noop("把主题连到需求"),
)
def link_focus_theme(request: HttpRequest, theme_id: Path[RowId], given: FocusLinkIn) -> FocusThemeOut | None:
    """Its quotes that are voices become evidence of the need. Asks for `need.manage` there as well."""
    _sighted(request, theme_id)
    try:
        made = actions.link(theme_id, given.need_id, by=who(request), source=source(request))
    except PermissionDenied:
        raise ObjectDoesNotExist from None
    return _told(request, made)


@router.post(
    "/focus/themes/{theme_id}/propose",
    auth=MANAGE,
    response=FocusThemeOut | None,
    summary=gettext_noop("由主题提出新需求"),
)
def propose_from_theme(request: HttpRequest, theme_id: Path[RowId], given: FocusProposeIn) -> FocusThemeOut | None:
    """Asks for `need.manage` as well."""
    _sighted(request, theme_id)
    try:
        made = actions.propose(theme_id, given.kind, by=who(request), source=source(request))
    except PermissionDenied:
        raise ObjectDoesNotExist from None
    return _told(request, made)


def _sighted(request: HttpRequest, pk: int) -> None:
    """A theme tells what both said: not for who still codes one of the study's talks."""
    refuse_blind(actions.theme(pk, who(request)).study_id, who(request))


def _told(request: HttpRequest, made: Theme) -> FocusThemeOut | None:
    return shown(request, SEEN, FocusThemeOut.of(made))
