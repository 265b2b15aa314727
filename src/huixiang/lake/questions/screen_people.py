"""Who does an errand on the screen, and who at the counter? By pseudonym with the bank's list of its customers.

An errand at the counter is a ticket that was served; one on a screen a session that was done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from huixiang.domain.digital.people import BANDS, ELDERLY
from huixiang.domain.digital.substitution import DayLoad, Served
from huixiang.lake.questions.slices import once_a_version_of
from huixiang.lake.schema import PARTITION, plain
from huixiang.lake.store import Lake

BY = {"": "''", "band": "coalesce(p.band, '')", "tier": "coalesce(p.tier, '')", "branch": "e.branch"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose errands? Of these days; `branches` None: the bank's; `bands`: "elderly" or "others" for one side alone.

    "others" holds those of unknown age too. `services`: only these, and together; () each by itself.
    """

    first: date
    last: date
    branches: frozenset[str] | None = None
    bands: str = ""
    services: frozenset[str] = frozenset()


def served(lake: Lake, asked: Asked, by: str = "") -> tuple[Served, ...]:
    """Errands by service, and by a key of the customer: "band", "tier", "branch" (counter: where; screen: home)."""
    return _served(lake, asked, by, _versions(lake))


@once_a_version_of("clicks")
def _served(
    lake: Lake,
    asked: Asked,
    by: str,
    _known: tuple[int, ...],
) -> tuple[Served, ...]:
    service = "''" if asked.services else "e.service"
    rows = lake.fetch(f"""
        WITH {_errands(lake, (asked.first, asked.last))},
        each_of AS (
            SELECT {service} AS service, {BY[by]} AS key, e.place AS place, e.customer AS customer,
                sum(e.number) AS n, CAST(sum(e.seconds) AS DOUBLE) AS seconds,
                -- Of nobody known each errand stands for itself.
                CASE WHEN e.customer IS NULL THEN sum(e.apart) ELSE sum(e.number) * sum(e.number) END AS squares
            FROM errands AS e LEFT JOIN people AS p ON e.customer = p.customer
            WHERE {_wanted(asked)} GROUP BY 1, 2, 3, 4)
        SELECT service, key,
            coalesce(sum(n) FILTER (place = 's'), 0) AS screen,
            coalesce(sum(squares) FILTER (place = 's'), 0) AS screen_squares,
            count(customer) FILTER (place = 's') AS screen_people,
            CAST(coalesce(sum(n) FILTER (place = 'c'), 0) AS BIGINT) AS counter,
            coalesce(sum(squares) FILTER (place = 'c'), 0) AS counter_squares,
            count(customer) FILTER (place = 'c') AS counter_people,
            coalesce(sum(seconds) FILTER (place = 'c'), 0) AS seconds
        FROM each_of GROUP BY 1, 2 ORDER BY 1, 2
    """)
    return tuple(Served(**row) for row in rows.to_pylist())


def counter_days(lake: Lake, asked: Asked) -> tuple[DayLoad, ...]:
    """Of each day: errands of these services at the counter by customers who may be asked to go to the screen."""
    return _counter_days(lake, asked, _versions(lake)) if asked.services else ()


@once_a_version_of("clicks")
def _counter_days(lake: Lake, asked: Asked, _known: tuple[int, ...]) -> tuple[DayLoad, ...]:
    movable = _listed(band for band in BANDS if band not in ELDERLY)
    here = "true" if asked.branches is None else f"t.branch IN ({_listed(asked.branches)})"
    of = f"p.customer IS NOT NULL AND t.service IN ({_listed(asked.services)})"
    # Every day on which the counters were open, also one without such an errand.
    rows = lake.fetch(f"""
        WITH people AS (SELECT customer FROM "{lake.view("customers")}" WHERE band IN ({movable}))
        SELECT t.arrived_on AS day, CAST(count(*) FILTER ({of}) AS INTEGER) AS errands,
            CAST(coalesce(sum(t.service_seconds) FILTER ({of}), 0) AS DOUBLE) / 60 AS minutes
        FROM "{lake.view("tickets")}" AS t LEFT JOIN people AS p ON p.customer = t.customer
        WHERE {_between("arrived_on", (asked.first, asked.last))} AND NOT t."left" AND {here} GROUP BY 1 ORDER BY 1
    """)
    return tuple(DayLoad(**row) for row in rows.to_pylist())


def _errands(lake: Lake, days: tuple[date, date]) -> str:
    """`people`, and `errands` done at the counter ("c") and on screens ("s"): each session for so many as it stands."""
    clicks, tickets, people = (lake.view(name) for name in ("clicks", "tickets", "customers"))
    return f"""
        people AS (SELECT customer, band, tier, branch FROM "{people}" WHERE customer IS NOT NULL),
        session AS (
            SELECT t.service, t.branch, t.customer, t.session, max(t.weight) AS weight
            FROM "{clicks}" AS t WHERE {_between("used_on", days)} AND t.done GROUP BY ALL),
        errands AS (
            SELECT t.service AS service, t.branch AS branch, t.customer AS customer, 'c' AS place,
                CAST(count(*) AS DOUBLE) AS number, CAST(count(*) AS DOUBLE) AS apart,
                coalesce(sum(t.service_seconds), 0) AS seconds
            FROM "{tickets}" AS t WHERE {_between("arrived_on", days)} AND NOT t."left" GROUP BY 1, 2, 3
            UNION ALL
            SELECT s.service, coalesce(p.branch, s.branch, ''), s.customer, 's', sum(s.weight),
                sum(s.weight * s.weight), 0
            FROM session AS s LEFT JOIN people AS p ON s.customer = p.customer GROUP BY 1, 2, 3)
    """


def _wanted(asked: Asked) -> str:
    found = ["true"] if asked.branches is None else [f"e.branch IN ({_listed(asked.branches)})"]
    if asked.services:
        found.append(f"e.service IN ({_listed(asked.services)})")
    if asked.bands:
        is_old = f"coalesce(p.band, '') IN ({_listed(ELDERLY)})"
        found.append(is_old if asked.bands == "elderly" else f"NOT {is_old}")
    return " AND ".join(found)


def _between(column: str, days: tuple[date, date]) -> str:
    first, last = days
    months = f"t.{PARTITION} BETWEEN '{first:%Y-%m}' AND '{last:%Y-%m}'"
    return f"{months} AND t.{column} BETWEEN DATE '{first}' AND DATE '{last}'"


def _listed(words: Iterable[str]) -> str:
    told = [f"'{plain(word)}'" for word in sorted(words)]
    return ", ".join(told) or "NULL"


def _versions(lake: Lake) -> tuple[int, ...]:
    return tuple(lake.version(table) for table in ("tickets", "customers"))
