"""Which names of banks are in force, and which voices speak of other banks alone by them?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
from django.utils.translation import gettext_noop

from huixiang.apps.access import jobs
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import batches, landed, subjects
from huixiang.apps.feedback.facts import lake as the_lake
from huixiang.apps.reputation.models import NameBook
from huixiang.domain.reputation.book import read
from huixiang.domain.reputation.brands import Book
from huixiang.lake import questions
from huixiang.lake.locks import patient
from huixiang.lake.schema import VOICES
from huixiang.lake.store import Lake

GIVEN = Path(__file__).with_name("data") / "banks.toml"
AT_ONCE = 2_000  # voices


def text_in_force() -> str:
    """The newest edition; the one that comes with the product where the bank has written none."""
    newest = NameBook.objects.order_by("-at", "-pk").values_list("text", flat=True).first()
    return GIVEN.read_text("utf-8") if newest is None else newest


def in_force() -> Book:
    """The names by which is counted."""
    return read(text_in_force())


@subjects.judges
def judge() -> Callable[[str, date], str | None]:
    """Does a voice speak of other banks alone? Asked as it comes in, and again where the names change."""
    return in_force().about


@jobs.work("names")
def work(progress: jobs.Progress) -> Sentence:
    """After another edition: what voices of social media are about is told anew, month by month. May run twice."""
    lake, book, changed = the_lake(), in_force(), 0
    months = lake.months("voices")
    for done, month in enumerate(months):
        progress.report(done, total=len(months))
        with batches.turn(lake, progress.beat):
            found = questions.social_of(lake, month)
            other = [each.id for each in found if book.about(each.searchable, each.said_on) != each.about]
            for begin in range(0, len(other), AT_ONCE):
                _mark(other[begin : begin + AT_ONCE], book, month)
            changed += len(other)
    progress.beat()
    count_anew(lake)
    return Sentence(gettext_noop("按新的名称重新核对了社交媒体，%(count)s 条改变归属。"), {"count": changed})


@landed.counts("voices")
def count_anew(lake: Lake, _waiting: Callable[[], None] = patient) -> int:
    """Count what the page of social media tells of all months, so that nobody waits. How many posts pass another on?"""
    questions.count_names(lake, in_force())
    return questions.count_links(lake)


def _mark(ids: list[str], book: Book, month: str) -> None:
    lake = the_lake()
    rows = lake.rows("voices", ids, month=month).to_pylist()
    for row in rows:
        row["about"] = book.about(row["searchable"], row["said_on"])
    writer = f"names:{month}"
    table = pa.Table.from_pylist(rows, schema=VOICES)
    lake.upsert_once("voices", table, writer=writer, batch=lake.batch_done("voices", writer) + 1)
