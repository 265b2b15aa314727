"""`huixiang slips FILE… --unit CODE`: read scans and photos of paper slips; people confirm them on the page."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from huixiang.web.bilingual import both, both_of

if TYPE_CHECKING:
    from huixiang.apps.access.models import Unit

EPILOG = """\
示例 / examples:
  huixiang slips 扫描.pdf 照片/*.jpg --unit HC010101 --date 2026-11-20
中断后重新运行同一命令，从断处继续；同一个文件不会重复计数 / run it again to go on; no file counts twice.
退出码 / exit codes: 0 完成 done, 1 有文件未能读取 some file was not read, 2 用法 usage"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="PDF、JPEG、PNG、WebP 或其文件夹 / or a folder"
    )
    parser.add_argument("--unit", required=True, metavar="CODE", help="意见箱所在机构号 / unit whose box it was")
    parser.add_argument(
        "--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="意见单上没有日期时 / for slips that bear none"
    )


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.access import audit
    from huixiang.apps.slips import actions, reading
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    places = list(_files(args.files))
    arrivals = actions.bring_in(_contents(places), _unit(args.unit), args.date, by=audit.shell_user(), source="cli")
    for each in arrivals:
        if each.fault:
            print(both_of(each.fault))
    count = reading.read_all(lambda done, total: print(f"\r{done} / {total}", end="", flush=True))
    print("\r", end="")
    keys = [each.file.pk for each in arrivals if each.file]
    return _told(keys, len(arrivals), count) or int(any(each.fault for each in arrivals))


def _told(keys: Sequence[UUID], files: int, count: int) -> int:
    from huixiang.apps.access.sentences import told
    from huixiang.apps.slips.models import File, Slip

    broken = File.objects.filter(pk__in=keys).exclude(fault__isnull=True)
    for file in broken:
        print(told(**(file.fault or {})))
    slips = Slip.objects.filter(of__in=keys)
    values = {"files": files, "count": count, "slips": slips.count(), "waiting": slips.in_state("read").count()}
    print(both("%(files)s 个文件，共 %(slips)s 张；这次读了 %(count)s 张，待核对 %(waiting)s 张。", values))
    print(both("请在网页“纸质意见”核对。", {}))
    return int(broken.exists())


def _files(given: Sequence[Path]) -> Iterator[Path]:
    from huixiang.channels.contract import Fault

    for place in given:
        if place.is_dir():
            yield from sorted(each for each in place.iterdir() if each.is_file() and not each.name.startswith("."))
        elif place.is_file():
            yield place
        else:
            raise Fault("没有“%(name)s”这个文件；请核对路径", name=str(place))


def _contents(places: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """Of one that is too large no more than shows that it is."""
    from huixiang.channels.paper.pages import LARGEST_PDF

    for place in places:
        with place.open("rb") as file:
            yield place.name, file.read(LARGEST_PDF + 1)


def _unit(code: str) -> Unit:
    from huixiang.apps.access.models import Unit
    from huixiang.channels.contract import Fault

    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Fault("机构号“%(code)s”不存在；请先用 huixiang organisation import 导入机构", code=code)
    return unit
