"""Who said what, as far as may be known? Only by pseudonym, and only where a customer asks for his own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from huixiang.lake.questions.slices import Slice, ask, voices
from huixiang.lake.store import Lake


def speaker(lake: Lake, voice_id: str) -> str:
    """The pseudonym of the customer who said this, by its newest version; "" where no source told one.

    Where the source of the words told none, the record of the call in which they were said may.
    """
    found = voices(lake, table="speakers")
    rows = ask(lake, found.filter(found.id == voice_id).select("version", "pseudonym"))
    if rows:
        return str(max(rows, key=lambda row: row["version"])["pseudonym"])
    stays = voices(lake, table="calls")
    told = ask(lake, stays.filter(stays.voice == voice_id).select("customer", "caller"))
    return next((name for column in ("customer", "caller") for row in told if (name := row[column])), "")


def speakers(lake: Lake, ids: Collection[str]) -> dict[str, str]:
    """As `speaker`, of many voices at once; those of whom nothing is known are left out."""
    found = voices(lake, table="speakers")
    rows = ask(lake, found.filter(found.id.isin(sorted(ids))).select("id", "version", "pseudonym"))
    told = {row["id"]: str(row["pseudonym"]) for row in sorted(rows, key=lambda row: row["version"])}
    left = sorted(set(ids) - set(told))
    stays = voices(lake, table="calls")
    calls = ask(lake, stays.filter(stays.voice.isin(left)).select("voice", "customer", "caller")) if left else []
    for column in ("caller", "customer"):  # the bank's own number of the customer goes before her telephone
        told |= {row["voice"]: row[column] for row in calls if row[column]}
    return {voice: name for voice, name in told.items() if name}


def said_by(lake: Lake, pseudonym: str, branches: frozenset[str] | None = None) -> set[str]:
    """The ids of all voices, within these units, of which this customer said any version."""
    spoken = voices(lake, table="speakers")
    spoken = spoken.filter(spoken.pseudonym == pseudonym).select("id")
    found = voices(lake, Slice(branches=branches, rivals=True)).semi_join(spoken, "id")
    return {row["id"] for row in ask(lake, found.select("id"))} | _posted_by(lake, pseudonym, branches)


def _posted_by(lake: Lake, pseudonym: str, branches: frozenset[str] | None) -> set[str]:
    """Posts too that are no voices: what he only passed on."""
    posts = voices(lake, table="posts")
    posts = posts.filter(posts.author == pseudonym)
    return {
        row["id"] for row in ask(lake, posts.select("id", "branch")) if branches is None or row["branch"] in branches
    }


def displeased(lake: Lake, since: date, until: date, but_in: str = "") -> set[str]:
    """The pseudonyms of all who complained or said something negative in these days, both inclusive.

    What was answered in the survey `but_in` is left out: being asked by it must not count as a reason to be asked.
    """
    spoken = voices(lake, table="speakers").select("id", "pseudonym")
    said = voices(lake, Slice(since=since, until=until))
    unhappy = said.filter((said.sentiment == "negative") | (said.kind == "pain_point").fill_null(False))
    if but_in:
        answers = voices(lake, table="answers")
        unhappy = unhappy.anti_join(answers.filter(answers.survey == but_in), unhappy.id == answers.voice)
    return {row["pseudonym"] for row in ask(lake, spoken.semi_join(unhappy, "id").select("pseudonym").distinct())}
