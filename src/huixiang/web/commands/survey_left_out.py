"""`huixiang surveys left-out --survey SLUG`: rows of answers that were not taken, why, and how they come back.

Mended in a spreadsheet (`--export`) they are handed in by `huixiang surveys answers FILE`; `--retry` reads them again
as they stand, say after a unit was founded.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from huixiang.web.bilingual import both

if TYPE_CHECKING:
    from huixiang.apps.feedback.models import Import


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--survey", required=True, metavar="SLUG", help="问卷地址里的代号 / the slug in its address")
    deed = parser.add_mutually_exclusive_group()
    deed.add_argument("--export", type=Path, metavar="DIR", help="每个文件写一张表，在里面改 / a table a file, to mend")
    deed.add_argument("--retry", action="store_true", help="按原样再读一次 / read them again as they stand")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.feedback.models import Import, Quarantined
    from huixiang.channels.contract import Fault
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    rows = Import.objects.started().filter(answers__version__survey__slug=args.survey)
    waiting = rows.filter(quarantine__state=Quarantined.State.OPEN).distinct().order_by("started_at")
    if args.export and not args.export.is_dir():
        raise Fault("没有“%(name)s”这个文件夹；请先建好", name=str(args.export))
    for imported in waiting:
        _told(imported)
        if args.export:
            _exported(imported, args.export)
        if args.retry:
            _retried(imported)
    if not waiting:
        print(both("没有等待修正的行"))
    return 0


def _told(imported: Import) -> None:
    """The file, and its reasons with how many rows share each."""
    from huixiang.apps.feedback import quarantine
    from huixiang.apps.feedback.models import Quarantined
    from huixiang.web.commands.import_ import told_in

    rows = imported.quarantine.filter(state=Quarantined.State.OPEN)
    print(f"{imported.file_name}  {imported.started_at:%Y-%m-%d %H:%M}  {rows.count()} 行 / rows  {imported.pk}")
    for language in ("zh-hans", "en"):
        print(
            told_in(language, lambda: "\n".join(f"  {each.count:>6}  {each.text}" for each in quarantine.reasons(rows)))
        )


def _exported(imported: Import, folder: Path) -> None:
    """For the one who works here alone to read: they are as they came."""
    from huixiang.apps.access import audit
    from huixiang.apps.feedback import mending, quarantine
    from huixiang.apps.feedback.models import Quarantined

    rows = imported.quarantine.filter(state=Quarantined.State.OPEN)
    audit.record(
        "quarantine.export", by=audit.shell_user(), on_kind="import", on_id=imported.pk, source="cli", rows=rows.count()
    )
    place = folder / f"quarantine-{str(imported.pk)[:8]}.csv"
    place.touch(0o600)
    with place.open("w", encoding="utf-8", newline="") as file:
        file.writelines(quarantine.export(rows, mending.columns(imported)))
    print(f"  → {place}")


def _retried(imported: Import) -> None:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.feedback.actions import retry_rows
    from huixiang.web.commands.import_ import told_in

    outcome = retry_rows(imported, imported.quarantine.all(), by=shell_user(), source="cli")
    print(*("  " + told_in(language, outcome.told) for language in ("zh-hans", "en")), sep="\n")
