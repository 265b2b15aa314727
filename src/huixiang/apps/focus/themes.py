"""Who said what a theme is about? Its quotes with the speaker's pseudonym, and how many people in how many talks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from huixiang.apps.focus import coded
from huixiang.apps.focus.models import Participant, Study, Theme, Utterance

QUOTABLE = (Participant.Consent.QUOTE, Participant.Consent.VOICE)


@dataclass(frozen=True, slots=True)
class Told:
    """A theme by what both coders said or a third settled; `open`: utterances that cannot count yet."""

    quotes: list[tuple[Utterance, str]]
    utterances: int
    people: int
    talks: int
    of_people: int
    of_talks: int
    open: int


def told(theme: Theme) -> Told:
    sessions = list(theme.study.sessions.all())
    every = coded.of_sessions(sessions)
    keys = {str(code.pk) for code in theme.codes.all()}
    held = [each.utterance for each in every if each.final is not None and each.final & keys]
    quotes = theme.quotes.filter(participant__consent__in=QUOTABLE, participant__withdrawn_at=None)
    places = {session.pk: place for place, session in enumerate(sessions, 1)}
    return Told(
        [
            (each, _("第 %(talk)s 场 · %(speaker)s") % {"talk": places[each.session_id], "speaker": each.participant})
            for each in quotes.select_related("participant")
        ],
        len(held),
        len({each.participant_id for each in held}),
        len({each.session_id for each in held}),
        len({each.utterance.participant_id for each in every}),
        len({each.utterance.session_id for each in every}),
        sum(each.final is None and bool(each.utterance.text) for each in every),
    )


def offered(study: Study, theme: Theme | None, chosen: Collection[int]) -> list[tuple[Utterance, list[str]]]:
    """Words of who allows to be quoted, with what they are coded as; those with the theme's codes first."""
    names = {str(code.pk): code.name for code in study.codes.living()}
    keys = {str(code.pk) for code in theme.codes.all()} if theme else set()
    found = []
    for each in coded.of_sessions(study.sessions.all()):
        said, final = each.utterance, each.final or frozenset()
        if said.text and said.participant and said.participant.may_be_quoted and (final or said.pk in chosen):
            order = (said.pk not in chosen, not keys & final, said.pk)
            found.append((order, said, sorted(names[key] for key in final if key in names)))
    return [(said, codes) for _order, said, codes in sorted(found, key=lambda row: row[0])]
