"""How long does serving take at a person's counter? From the tickets themselves; asked by the person or her manager."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np

from huixiang.domain.waiting import Spread
from huixiang.lake.questions.tickets import within
from huixiang.lake.questions.waits import TicketScope
from huixiang.lake.schema import plain
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Served:
    """The service times of one person, or of a branch (`teller` ""), for one service."""

    teller: str
    branch: str
    service: str
    spread: Spread


def served_by(lake: Lake, first: date, last: date, teller: str, of: TicketScope | None = None) -> list[Served]:
    """One person's own, by branch and service; of all tickets, or of those that a standard is about."""
    where = f"t.teller = '{_quoted(teller)}' AND {(of or TicketScope()).condition()}"
    return _served(lake, first, last, where, by_teller=True)


def served_at(lake: Lake, first: date, last: date, branches: Collection[str], *, by_teller: bool) -> list[Served]:
    """All of these branches, by branch and service, and by person where that is asked."""
    listed = ", ".join(f"'{plain(each)}'" for each in sorted(branches)) or "NULL"
    return _served(lake, first, last, f"t.branch IN ({listed})", by_teller=by_teller)


def _served(lake: Lake, first: date, last: date, where: str, *, by_teller: bool) -> list[Served]:
    if lake.version("tickets") < 0:
        return []
    who = "t.teller" if by_teller else "''"
    rows = lake.fetch(
        f"SELECT {who} AS teller, t.branch AS branch, t.service AS service, t.service_seconds AS seconds, "
        f'count(*) AS n FROM "{lake.view("tickets")}" AS t WHERE {within(first, last)} AND {where} '
        "AND t.service_seconds IS NOT NULL AND t.teller <> '' GROUP BY ALL ORDER BY ALL"
    ).to_pylist()
    found: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for row in rows:
        found.setdefault((row["teller"], row["branch"], row["service"]), []).append((row["seconds"], row["n"]))
    return [Served(*key, _spread(pairs)) for key, pairs in found.items()]


def _spread(pairs: list[tuple[int, int]]) -> Spread:
    seconds, counts = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    return Spread.of(seconds, np.ones(len(seconds), dtype=bool), counts, np.zeros(len(seconds), dtype=np.int64))


def _quoted(text: str) -> str:
    return text.replace("'", "''")
