"""Which customers came to the outlets of a survey, and how did each of them fare? By the made-up bank's own tickets."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow.compute as pc
import pyarrow.dataset as ds

from huixiang.domain.surveys.conditions import Answers
from huixiang.simulation.speech import Facts, Speaker
from huixiang.web.demo import BRANCH

DAYS = 90  # so far back the list goes
HEADER = ("客户号", "机构号", "到访日期", "客户等级", "经办人")
ASPECTS = ("wait", "manner", "skill", "clear", "place")
OTHERWISE = ("branch.attitude", "branch.environment", "branch.competence")
LONG = 15  # minutes: who waited longer speaks of it


@dataclass(frozen=True, slots=True)
class Visit:
    """A customer's last visit to one of the outlets; the number lives in memory only."""

    customer: str
    outlet: str
    met_on: date
    wait_minutes: float

    def lot(self, of: str) -> int:
        """0 to 99, always the same for one customer and one matter: who answers, and who is in a bad mood."""
        return crc32(f"{of} {self.customer}".encode()) % 100

    @property
    def satisfied(self) -> int:
        """1 to 5: by how long the customer waited, and by chance."""
        return max(1, 5 - self._delays - self._is_in_bad_mood)

    def answers(self, speaker: Speaker, *, is_displeased: bool) -> Answers:
        """What the customer says when asked; who spoke ill of the bank elsewhere does so here."""
        mark = min(2, self.satisfied) if is_displeased else self.satisfied
        told: Answers = {
            "done": "yes" if mark > 2 else "part",
            "csat": mark,
            **{row: self._point(row) for row in ASPECTS},
            "nps": min(10, mark * 2 + self.lot("nps") % 2),
        }
        words = {"better": self._words(speaker, mark)} if mark <= 2 or self.lot("words") < 30 else {}
        return {**told, **words, **({"why_not": ["wait"]} if mark <= 2 else {})}

    def _point(self, row: str) -> int:
        """The wait and the manner decide the mark; all else goes its own way."""
        if row == "wait":
            return 5 - self._delays
        poor = self._is_in_bad_mood if row == "manner" else False
        return max(1, 5 - 2 * poor - (self.lot(row) < 30))

    @property
    def _delays(self) -> int:
        """0 to 3."""
        return sum(self.wait_minutes > bound for bound in (6, 12, 25))

    @property
    def _is_in_bad_mood(self) -> bool:
        return self.lot("mood") < 20

    def _words(self, speaker: Speaker, mark: int) -> str:
        """In the customer's own words: of the wait where it was long, else of the people or the place."""
        waited = self.wait_minutes > LONG
        topic = "branch.waiting" if waited else OTHERWISE[self.lot("topic") % len(OTHERWISE)]
        mood = "positive" if mark > 3 and not waited else "negative"
        dice = np.random.default_rng(crc32(self.customer.encode()))
        return speaker.say(dice, [(topic, mood)], facts=Facts(minutes=round(self.wait_minutes))).text


def planted(exports: Path) -> tuple[list[str], float]:
    """Where does the made-up bank ask only the pleased, and what share of the others does it never ask? The truth."""
    truth = json.loads((exports / "truth.json").read_text("utf-8"))
    found = [effect for effect in truth["planted"] if effect["kind"] == "pleased_only"]
    return (list(found[0]["where"]), float(found[0]["size"])) if found else ([], 0.0)


def speaker(exports: Path) -> Speaker:
    """Who finds the customers' words."""
    return Speaker([json.loads((exports / "truth.json").read_text("utf-8"))["bank"]])


def visits(exports: Path, outlets: Sequence[str]) -> list[Visit]:
    """The last visit of each customer in the history's last weeks."""
    truth = json.loads((exports / "truth.json").read_text("utf-8"))
    since = datetime.fromisoformat(truth["to"]) - timedelta(days=DAYS)
    tickets = ds.dataset(sorted((exports / "queue").glob("*.parquet")))
    columns = ["branch", "customer", "arrived_at", "called_at"]
    here = pc.field("branch").isin(list(outlets)) & ~pc.field("abandoned") & (pc.field("arrived_at") > since)
    last = {_customer(row): row for row in tickets.to_table(columns=columns, filter=here).to_pylist()}
    return [
        Visit(number, row["branch"], row["arrived_at"].date(), (row["called_at"] - row["arrived_at"]).seconds / 60)
        for number, row in sorted(last.items())
    ]


def write(path: Path, exports: Path, found: Sequence[Visit]) -> None:
    """The list as a branch would hand it in: with the lobby manager, who meets the customers, and no contacts."""
    with (exports / "customers" / "客户.csv").open(encoding="utf-8-sig", newline="") as lines:
        tiers = {row["客户号"]: row["客户等级"] for row in csv.DictReader(lines)}
    with (exports / "people" / "人事.csv").open(encoding="gb18030", newline="") as lines:
        lobby = {row["机构号"]: row["工号"] for row in csv.DictReader(lines) if row["岗位"] == "大堂经理"}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        table.writerows(
            (one.customer, one.outlet, one.met_on, tiers.get(one.customer, ""), lobby.get(one.outlet, ""))
            for one in found
        )


def outlets_of(gaming: Sequence[str], all_: Sequence[str]) -> list[str]:
    """The branch manager's own, one that asks only the pleased where there is one, and another that does not."""
    others = [code for code in all_ if code not in {*gaming, BRANCH}]
    return [BRANCH, *[code for code in gaming if code != BRANCH][:1], *others[:1]]


def _customer(row: dict[str, Any]) -> str:
    return str(row["customer"])
