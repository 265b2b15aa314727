"""Which like complaints gather? `huixiang complaints signals` prints what was proven, as JSON without names."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

from huixiang.domain.complaints.signals import ACCUSED


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--watch", action="store_true", help="先查看到昨天为止 / look at each day up to yesterday first"
    )
    parser.add_argument("--all", action="store_true", help="也列出已结束的 / those that have ended as well")

    parser.add_argument(
        "--state", choices=["new", "dismissed", "problem"],
        help="只列这样研判的；problem 是待交问题台账的 / only those judged so; problem waits for the ledger",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """0. A colleague complained of is not named here: who reads a terminal has shown no right to identities."""
    from huixiang.apps.access import audit
    from huixiang.apps.complaints import signalling
    from huixiang.apps.complaints.models import Signal, SignalWatch

    new = signalling.watch_cases(datetime.now(UTC)) if args.watch else 0
    rows = Signal.objects.exclude(dimension=ACCUSED)
    rows = rows.filter(state=args.state) if args.state else rows if args.all else rows.open()
    last = SignalWatch.objects.order_by("-on").first()
    told = {
        "watched_until": last.on.isoformat() if last else None,
        "series": last.series if last else 0,
        "new": new,
        "not_named": Signal.objects.filter(dimension=ACCUSED).count(),
        "signals": [_told(signal) for signal in rows],
    }
    audit.record("complaint.signal_read", by=audit.shell_user(), on_kind="complaint_signal", source="cli")
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


def _told(signal: object) -> dict[str, object]:
    names = ("dimension", "value", "unit", "ended", "words", "state", "lead_id")
    days = ("since", "alerted_on", "last_on", "ended_on")
    plain = {name: getattr(signal, name) for name in names}
    dated = {name: day.isoformat() if (day := getattr(signal, name)) else None for name in days}
    found = getattr(signal, "alert" if plain["ended"] else "last")
    numbers = {name: found[name] for name in ("window", "observed", "expected", "ratio", "q", "verdict")}
    numbers["reason"] = signal.reason  # type: ignore[attr-defined]
    return {"id": signal.pk, **plain, **dated, **numbers, "cases": len(signal.cases)}  # type: ignore[attr-defined]
