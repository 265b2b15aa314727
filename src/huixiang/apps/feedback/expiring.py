"""What goes of a channel whose term is over? Its voices, portion by portion, with all that tells more of them.

The nightly round's part. May be killed anywhere: a portion leaves the lake last, so what is left of it is found again,
and a run that broke off goes on under the salt that it began with. What a customer was promised longer, or is being
erased, waits; whoever knows of such a thing registers it here (`holds`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy

from huixiang.apps.access import audit
from huixiang.apps.feedback import batches, erasing, outside, quarantine, terms
from huixiang.apps.feedback.certifying import remark
from huixiang.apps.feedback.facts import lake as the_lake
from huixiang.apps.feedback.models import Bygone, Correction, Erasure, Expiry, Quarantined, Term, Tombstone
from huixiang.domain.feedback import Channel
from huixiang.lake import expiring, questions
from huixiang.lake.locks import patient
from huixiang.lake.schema import TABLES
from huixiang.lake.store import Lake

FIGURES_STAY = gettext_lazy(
    "保存期限已过、只留统计的声音与答卷没有原文、假名与原来的编号，谁也无法再对应到哪一位客户，不在这次查找之内。"
)
AT_ONCE = 10_000  # voices: each portion rewrites the files of its month that hold one of them
FEW = 500
SYSTEM = "system:nightly"
OTHERS = {Channel.HOTLINE.value: "calls", Channel.SOCIAL.value: "posts"}  # what a channel has besides voices
Hold = Callable[[Sequence[str]], set[str]]
HOLDS: list[Hold] = []


def holds(function: Hold) -> Hold:
    """Register which of these voices must stay for now: `f(voice_ids)`, called with few at once."""
    HOLDS.append(function)
    return function


@remark
def figures_are_nobodys(erasure: Erasure) -> list[str]:
    """What a certificate says where something of anybody is only counted any more."""
    return [str(FIGURES_STAY)] if Expiry.objects.filter(manner=Term.Manner.FIGURES).exists() else []


@dataclass
class Turn:
    """One run over a channel; its row is written with the first voice that goes."""

    lake: Lake
    term: Term
    before: str
    waiting: Callable[[], None]
    run: Expiry | None = None
    gone: int = 0

    @property
    def with_figures(self) -> bool:
        """Are those that are only counted to go too?"""
        return self.term.manner == Term.Manner.DELETE

    def begun(self) -> Expiry:
        """As it was begun, by whoever was killed, or now."""
        if self.run is None:
            told = {"channel": self.term.channel, "before": self.before, "manner": self.term.manner}
            found = Expiry.objects.filter(finished_at=None, **told).first()
            self.run = found or Expiry.objects.create(salt=secrets.token_bytes(32), **told)
        return self.run

    def renamed(self) -> expiring.Renamed | None:
        if self.with_figures:
            return None
        return expiring.renamed(bytes(self.begun().salt))


def carry_out(channel: str, now: datetime, waiting: Callable[[], None] = patient) -> int:
    """How many voices, records of calls and posts went? Where no term holds, only what broke off is ended."""
    lake, gone = the_lake(), 0
    for term, before in terms.turns(channel, timezone.localdate(now)):
        turn = Turn(lake, term, before, waiting)
        for table in ("voices", OTHERS.get(channel, "")):
            for month in _months(lake, table, turn) if table else ():
                _month(turn, table, month)
        gone += turn.gone
    for run in Expiry.objects.filter(channel=channel, finished_at=None):
        end(lake, run, waiting)
    return gone


def _months(lake: Lake, table: str, turn: Turn) -> list[str]:
    rows = [each for each in questions.stored(lake, table) if each.month < turn.before]
    rows = [each for each in rows if table != "voices" or each.channel == turn.term.channel]
    return sorted({each.month for each in rows if each.words or (turn.with_figures and each.figures)})


def _month(turn: Turn, table: str, month: str) -> None:
    lot, after = questions.Lot(table, month, turn.term.channel, turn.with_figures), ""
    while True:
        turn.waiting()
        with batches.turn(turn.lake, turn.waiting):
            seen = questions.older(turn.lake, lot, after, AT_ONCE)
            if not seen:
                return
            after = seen[-1][0]
            ids = [id_ for id_, _dated in seen]
            going = sorted(set(ids) - held(ids)) if table == "voices" else ids
            if going:
                undated = {id_ for id_, dated in seen if not dated} & set(going)
                _go(turn, table, going, undated)


def held(ids: Sequence[str]) -> set[str]:
    held = Tombstone.objects.among(ids)  # a customer's request is carried out as such, with its certificate
    for some in few(ids):
        for hold in HOLDS:
            held |= hold(some)
    return held


def _go(turn: Turn, table: str, ids: Sequence[str], undated: Collection[str]) -> None:
    run = turn.begun()
    if table == "voices":
        _forget_rows(turn.lake, ids)
        Bygone.objects.remember(undated, Bygone.What.VOICE)
    expiring.expire(turn.lake, table, ids, turn.renamed())
    Expiry.objects.filter(pk=run.pk).update(**{table: F(table) + len(ids)})
    turn.gone += len(ids)


def _forget_rows(lake: Lake, ids: Sequence[str]) -> None:
    """All that the database, the folders of files and outside models' answers hold of them."""
    for some in few(ids):
        Correction.objects.filter(voice_id__in=some).delete()
        rows = [quarantine.emptied(row) for row in Quarantined.objects.held().filter(voice_id__in=some)]
        Quarantined.objects.bulk_update(rows, quarantine.EMPTIED)
    outside.forget_voices(erasing.texts(lake, ids))
    for forget in erasing.REACHES:
        forget(frozenset(ids))


def end(lake: Lake, run: Expiry, waiting: Callable[[], None], verb: str = "voice.expire") -> None:
    """No former version knows them any more; the salt goes, and with it the way from a figure to what it was."""
    with batches.turn(lake, waiting):
        lake.forget_former(TABLES)
    with transaction.atomic():
        Expiry.objects.filter(pk=run.pk).update(finished_at=timezone.now(), salt=b"")
        run.refresh_from_db()
        counts: dict[str, Any] = {"count": run.voices, "calls": run.calls, "posts": run.posts}
        told = {name: count for name, count in counts.items() if count or name == "count"}
        detail = {"kept_from": run.before, "manner": run.manner, **told}
        audit.record(verb, by=SYSTEM, on_kind="channel", on_id=run.channel, **detail)


def few(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + FEW] for start in range(0, len(ids), FEW))
