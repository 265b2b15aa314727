"""Which of the made-up bank's exports does the demonstration import, and how is each read?

Where a later part of the product is to read a file, as those on complaints, it stays where it lies; the records of
focus groups come in by their own way (talks.py).
"""

from __future__ import annotations

import csv
import os
from datetime import date, timedelta
from pathlib import Path

from pyarrow import csv as from_csv
from pyarrow import parquet

from huixiang.apps.feedback.actions import Choice

MAPPINGS = Path(__file__).parent
ANSWERS, REMARK = "surveys/答卷.csv", "意见与建议"
REMARKS = "surveys/答卷-有意见.csv"
CUSTOMERS, LISTED = "customers/客户.csv", "customers/客户.parquet"
LOGS = 13  # months
QUEUED = 3  # months of tickets
SCREENS = 2  # months of clicks, besides those of
RELEASED = timedelta(weeks=37), timedelta(weeks=35)  # before the end: the version that broke, see planted.toml


def voices(folder: Path) -> dict[str, Choice]:
    """Each file under `folder` in which customers speak, in the order in which it is to be imported."""
    return {
        "reviews/app-store.json": Choice("apple-reviews", product="手机银行"),
        "reviews/应用市场评论.csv": Choice("android-reviews", product="手机银行"),
        "website/messages.json": Choice("jsonl", _mapping("website")),
        "website/mails.mbox": Choice("mbox"),
        "social/posts.jsonl": Choice("jsonl", _mapping("social")),
        "suggestions/slips.jsonl": Choice("jsonl", _mapping("suggestions")),
        _with_remarks(folder): Choice("csv", _mapping("surveys")),
        "hotline/transcripts": Choice("transcripts"),
    }


def _mapping(name: str) -> str:
    return (MAPPINGS / f"{name}.toml").read_text("utf-8")


def _with_remarks(folder: Path) -> str:
    """The answers in which somebody wrote something: two in three are marks alone, and nothing to read."""
    if (folder / ANSWERS).exists() and not (folder / REMARKS).exists():
        part = folder / f"{REMARKS}.part"
        with (folder / ANSWERS).open(encoding="utf-8-sig", newline="") as given:
            answers = csv.DictReader(given)
            with part.open("w", encoding="utf-8-sig", newline="") as kept:
                table = csv.DictWriter(kept, answers.fieldnames or ())
                table.writeheader()
                table.writerows(answer for answer in answers if answer[REMARK])
        os.replace(part, folder / REMARKS)
    return REMARKS


def calls(folder: Path) -> dict[str, Choice]:
    """The exchange's logs of a year and a month, so that the last month has the same of the year before beside it; and
    of the last one its records, which tell the customers' numbers.
    """
    every = sorted(path.name.rpartition("queue_log-")[2] for path in (folder / "hotline").glob("queue_log-*"))
    months = every[-LOGS:]
    logs = {f"hotline/queue_log-{month}": Choice("queue-log", _mapping("queue-log")) for month in months}
    return logs | {f"hotline/calls-{month}.csv": Choice("call-records") for month in months[-1:]}


def tickets(folder: Path) -> dict[str, Choice]:
    """What the queue printed in the last months: each month lies in as many files as there are groups of outlets."""
    names = sorted(path.name for path in (folder / "queue").glob("tickets-*.parquet"))
    months = sorted({name[8:15] for name in names})[-QUEUED:]
    return {f"queue/{name}": Choice("tickets", _mapping("tickets")) for name in names if name[8:15] in months}


def screens(folder: Path) -> dict[str, Choice]:
    """What was done on screens in the last months, and when the version that broke was out; what was out of order; and
    of which age and class the customers are.
    """
    names = sorted(path.name for path in (folder / "digital").glob("clicks-*.parquet"))
    months = sorted({name[7:14] for name in names})
    kept = {*months[-SCREENS:], *(_before(months[-1], back) for back in RELEASED)} if months else set()
    clicks = {f"digital/{name}": Choice("clicks", _mapping("clicks")) for name in names if name[7:14] in kept}
    return {"digital/outages.csv": Choice("downtimes"), _as_columns(folder): Choice("customers"), **clicks}


def _before(month: str, back: timedelta) -> str:
    """The month so long before the end of this one."""
    first = date.fromisoformat(f"{month}-01")
    return f"{(first + timedelta(days=30) - back):%Y-%m}"


def _as_columns(folder: Path) -> str:
    """The list of customers as Parquet, which is read as a whole: row by row it would take ten times as long."""
    if (folder / CUSTOMERS).exists() and not (folder / LISTED).exists():
        part = folder / f"{LISTED}.part"
        parquet.write_table(from_csv.read_csv(folder / CUSTOMERS), part)
        os.replace(part, folder / LISTED)
    return LISTED
