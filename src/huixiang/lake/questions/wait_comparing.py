"""How do the branches compare, and whose waits changed? Answered from strata of each day (wait_strata)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from huixiang.domain.statistics.day_mixing import Daily, moved
from huixiang.domain.statistics.mixing import Moved
from huixiang.domain.waiting.bands import BANDS
from huixiang.domain.waiting.fair import Change, Compared, changes, compare
from huixiang.lake.questions.slices import once_a_version_of
from huixiang.lake.questions.wait_strata import Strata, wait_strata
from huixiang.lake.store import Lake

Span = tuple[date, date]


@once_a_version_of("tickets")
def compared_waits(lake: Lake, span: Span, limit_seconds: int, band: str = "") -> Compared:
    """All branches with tickets in these days, at a time of the day or the whole of it."""
    strata = wait_strata(lake, *span, limit_seconds)
    columns = strata.columns(band)
    everybody = _of(strata.together(), columns).totals[1]
    return compare(((code, _of(own, columns)) for code, own in strata.each()), everybody)


@once_a_version_of("tickets")
def changed_waits(lake: Lake, before: Span, after: Span, limit_seconds: int) -> tuple[Change, ...]:
    """Each branch that has at least eight days in both spans."""
    old, new = _both(lake, before, after, limit_seconds)
    earlier = dict(old.each())
    whole: dict[str, Moved] = {}
    by_band: dict[str, dict[str, Moved]] = {band: {} for band in BANDS}
    for code, own in new.each():
        if code not in earlier:
            continue
        if found := moved(earlier[code], own):
            whole[code] = found
            for band, rows in by_band.items():
                columns = new.columns(band)
                if part := moved(_of(earlier[code], columns), _of(own, columns)):
                    rows[code] = part
    return tuple(changes(whole, by_band))


@once_a_version_of("tickets")
def moved_waits(
    lake: Lake, before: Span, after: Span, limit_seconds: int, branches: frozenset[str] | None = None
) -> Moved | None:
    """What moved the share of these branches together, or of all?"""
    old, new = _both(lake, before, after, limit_seconds)
    return moved(old.together(branches), new.together(branches))


def _both(lake: Lake, before: Span, after: Span, limit_seconds: int) -> tuple[Strata, Strata]:
    """Both spans with the same columns."""
    old, new = (wait_strata(lake, *span, limit_seconds) for span in (before, after))
    keys = sorted({*old.keys, *new.keys})
    return old.keyed(keys), new.keyed(keys)


def _of(daily: Daily, columns: Sequence[int]) -> Daily:
    return Daily(daily.counts[:, columns], daily.of[:, columns])
