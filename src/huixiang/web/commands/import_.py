"""`huixiang import FILE`: bring a file of feedback in, with a bar, and an account that adds up."""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from huixiang.web.bilingual import both

if TYPE_CHECKING:
    from huixiang.apps.access.models import Unit
    from huixiang.apps.feedback.actions import Choice
    from huixiang.apps.feedback.models import Import

EPILOG = """\
示例 / examples:
  huixiang import 评论.csv --as android-reviews
  huixiang import 留言.csv --mapping 留言.toml --branch HC010101
中断后重新运行同一命令，从断处继续 / run the same command again to go on where it was broken off.
退出码 / exit codes: 0 完成 done, 1 未能导入 failed, 2 用法 usage, 130 中断 interrupted"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from huixiang.domain.feedback import Channel

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="反馈文件，或邮件文件夹 / file of feedback, or folder of mails"
    )
    parser.add_argument(
        "--as", dest="format", default="", metavar="FORMAT", help="格式 / format, e.g. apple-reviews, csv"
    )
    parser.add_argument(
        "--mapping", default="", metavar="M.toml|NAME", help="映射文件或自带映射的名称 / which column gives which field"
    )
    parser.add_argument(
        "--branch", default="", metavar="CODE", help="文件未给出时的机构号 / unit where the file names none"
    )
    parser.add_argument("--channel", default="", choices=["", *Channel], metavar="C", help=", ".join(Channel))
    parser.add_argument(
        "--product", default="", metavar="P", help="文件未给出时的产品 / product where the file names none"
    )


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.channels.contract import Fault
    from huixiang.web.commands.readiness import ready_database

    try:
        ready_database(made=True)
        return _import(args)
    except OSError as error:
        name = str(error.filename or args.file)
        if isinstance(error, PermissionError):
            raise Fault("没有读取“%(name)s”的权限", name=name) from None
        raise Fault(
            "无法读取“%(name)s”：%(reason)s", name=name, reason=error.strerror or type(error).__name__
        ) from None


def _import(args: argparse.Namespace) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.feedback import importing, spreadsheet
    from huixiang.apps.feedback.actions import mend_file, open_file

    path = _there(args.file, args.format or ("" if args.mapping else None))
    if spreadsheet.is_ours(path):
        outcome, _imports = mend_file(path, by=shell_user())
        print(*(told_in(language, outcome.told) for language in ("zh-hans", "en")), sep="\n")
        return 0
    imported, continued = open_file(path, _choice(args), actor=shell_user())
    if continued:
        _say(both("这个文件上次的导入没有完成，从断处继续。"))
    started = time.monotonic()
    try:
        with Bar(imported.file_name) as bar:
            importing.run(bar, str(imported.pk))
    except KeyboardInterrupt:
        return _say(both("已中断。重新运行同一命令，从断处继续，不会重复计数。"), code=130)
    _close(imported, bar.first, time.monotonic() - started)
    return 0


class Bar:
    """The bar on the error stream; silent where nobody watches. Hears of progress as a job's row does."""

    def __init__(self, title: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        columns = [
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[share]}"),
            TextColumn("{task.fields[rows]} 行 rows"),
            TimeElapsedColumn(),
        ]
        self._bar = Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True)
        self._task = self._bar.add_task(title, total=None, rows="0", share="")
        self.first: int | None = None  # rows that an earlier run had done

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._bar.stop()

    def report(self, done: int, *, done_share: float | None = None) -> None:
        self.first = done if self.first is None else self.first
        self._bar.update(self._task, rows=f"{done:,}")
        if done_share is not None:
            self._bar.update(self._task, total=1.0, completed=done_share, share=f"{done_share:.0%}")


def _there(file: Path, form: str | None) -> Path:
    """Whether it is there comes before how it is to be read. `form`: "" where the mapping names it."""
    from huixiang.channels import registry
    from huixiang.channels.contract import Fault

    if file.is_dir():
        if form not in ("", "eml", *registry.HOTLINE):
            raise Fault(
                "“%(name)s”是文件夹；只有邮件和热线文件可以整个文件夹导入，请加 --as eml 或 --as transcripts",
                name=file.name,
            )
        return file.resolve()
    if not file.is_file():
        raise Fault("没有“%(name)s”这个文件；请核对路径", name=str(file))
    if not file.stat().st_size:
        raise Fault("文件“%(name)s”是空的；请检查导出是否成功", name=file.name)
    return file.resolve()


def _choice(args: argparse.Namespace) -> Choice:
    from huixiang.apps.feedback.actions import Choice
    from huixiang.channels.contract import Fault

    mapping = _mapping(args.mapping) if args.mapping else ""
    form = args.format or _named_in(mapping)
    if not form:
        raise Fault("请用 --as 指定格式，或用 --mapping 指定写明 format 的映射文件")
    return Choice(form, mapping, args.channel, _branch(args.branch), args.product)


def _mapping(named: str) -> str:
    """A file, or a mapping that comes with the product."""
    from huixiang.channels import encoding
    from huixiang.channels.contract import Fault
    from huixiang.channels.registry import mapping_text

    path = Path(named)
    if not path.suffix and not path.exists():
        return mapping_text(named)
    if path.is_fifo():  # as `‹(…)` gives: it can be read once only, and guessing the encoding reads too
        with NamedTemporaryFile() as kept:
            kept.write(path.read_bytes())
            kept.flush()
            return _mapping(kept.name)
    with encoding.open_text(path, encoding.guess(path)) as file:
        text = file.read()
    if encoding.UNREADABLE.search(text):
        raise Fault("映射文件“%(name)s”的编码无法识别；请另存为 UTF-8", name=path.name)
    return text


def _named_in(mapping: str) -> str:
    try:
        return str(tomllib.loads(mapping).get("format", ""))
    except tomllib.TOMLDecodeError:
        return "csv"  # whatever the format, reading the mapping says what is wrong with it, and where


def _branch(code: str) -> Unit | None:
    from huixiang.apps.access.models import Unit
    from huixiang.channels.contract import Fault

    if not code:
        return None
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Fault("机构号“%(code)s”不存在；请先用 huixiang organisation import 导入机构", code=code)
    return unit


def _close(imported: Import, first: int | None, seconds: float) -> None:
    """The closing account, in the order in which it adds up."""
    from huixiang.apps.feedback.accounts import account

    total = account(imported)
    print(f"{imported.file_name}：导入完成 / imported")
    print(f"  读取 {total.read:>12,}  read")
    for name, title in [("new", "新增"), ("same", "相同"), ("changed", "变更"), ("quarantined", "隔离")]:
        print(f"{'=' if name == 'new' else '+'} {title} {getattr(total, name):>12,}  {name}")
    if total.erased:
        print(f"+ 曾删除或已过期限 {total.erased:>10,}  erased before, or older than the channel's term")
    each = (total.read - (first or 0)) / max(seconds, 0.001)
    print(f"用时 {seconds:.1f} 秒，每秒 {each:,.0f} 行 / {seconds:.1f} s, {each:,.0f} rows/s")
    if total.quarantined:
        where = f"/imports/{imported.pk}/quarantine/"
        print(both("隔离的行可在网页“导入”中查看、修正或导出：%(where)s", {"where": where}))


def told_in(language: str, told: Callable[[], str]) -> str:
    from django.utils import translation

    with translation.override(language):
        return told()


def _say(sentence: str, code: int = 0) -> int:
    print(sentence, file=sys.stderr)
    return code
