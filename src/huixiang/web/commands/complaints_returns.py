"""`huixiang complaints returns --quarter 2026Q3`: the figures as JSON, or as an Excel, Word or PDF file."""

from __future__ import annotations

import argparse
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from huixiang.channels.contract import Fault
from huixiang.domain.complaints.periods import read_period


def add_arguments(verbs: Any) -> None:
    returns = verbs.add_parser("returns", help="监管统计报表 / the statistical return for the regulator")
    returns.add_argument("--quarter", required=True, metavar="PERIOD", help="2026Q3，或年度 2026 / quarter or year")
    returns.add_argument("--unit", metavar="CODE", help="机构号，缺省全行 / a unit, the whole bank by default")
    returns.add_argument("--out", type=Path, metavar="FILE", help="写成 .xlsx、.docx 或 .pdf / write a file")


def run(args: argparse.Namespace) -> int:
    """Nothing is frozen by it: the file is marked as a draft."""
    from django.utils.translation import override

    from huixiang.apps.access.models import Unit
    from huixiang.apps.complaints import paper_files, return_paper, returning, tallying

    period = read_period(args.quarter)
    unit = Unit.objects.filter(code=args.unit).first() if args.unit else Unit.objects.filter(parent=None).first()
    if unit is None:
        raise Fault("没有机构“%(code)s”：请核对机构号。", code=args.unit or "")
    kind = args.out.suffix[1:].lower() if args.out else ""
    if args.out and (kind not in paper_files.KINDS or args.out.exists()):
        raise Fault("“%(file)s”要以 .xlsx、.docx 或 .pdf 结尾，且不能是已有的文件", file=args.out.name)
    asked = returning.Question(tallying.all_below(unit), period, unit)
    figures = returning.reckoned(asked, datetime.now(UTC))
    if not args.out:
        print(returning.written(figures))
        return 0
    with override("zh-hans"):
        paper_files.write(return_paper.paper(figures, mark="草稿"), args.out, kind)
    _record(args.out, f"{period.code} {unit.code}", kind)
    return 0


def _record(path: Path, told: str, kind: str) -> None:
    from huixiang.apps.access import audit

    with path.open("rb") as done:
        digest = hashlib.file_digest(done, "sha256").hexdigest()
    audit.record("complaint.return_file", by=audit.shell_user(), on_kind="complaint_return", on_id=told, source="cli",
                 format=kind, sha256=digest)  # fmt: skip
    print(json.dumps({"file": path.name, "sha256": digest}, ensure_ascii=False))
