"""Is there what a command needs? If not, one sentence says what to do, instead of an error out of the depths."""

from __future__ import annotations

import sys
from pathlib import Path

from huixiang.channels.contract import Fault
from huixiang.web.bilingual import both


def ready_database(*, made: bool = False) -> None:
    """The database is there and up to date. Raises Fault.

    `made`: for commands that a newcomer may run first. A SQLite database that is not there is then made; commands that
    look at what is there would only tell of an empty one. An older database is left to people.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    is_new = connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists()
    if is_new and not made:
        raise _not_ready()
    try:
        if is_new:
            Path(connection.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        if made and connection.vendor == "sqlite" and not connection.introspection.table_names():
            print(both("首次使用：正在建立数据库。"), file=sys.stderr)
            call_command("migrate", interactive=False, verbosity=0)
            return
    except OSError as error:
        raise Fault("数据目录“%(name)s”无法写入；请检查 HUIXIANG_DATA 与权限", name=str(error.filename)) from None
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Fault("数据库无法打开（%(reason)s）；请检查 DATABASE_URL 或 HUIXIANG_DATA", reason=reason) from None
    raise _not_ready()


def _not_ready() -> Fault:
    return Fault("数据库尚未建立或需要升级；请先运行 huixiang migrate")


def ready_erasures() -> None:
    """What a restored backup does not know to be erased is on its way to be erased again. Raises Fault."""
    from django.conf import settings

    from huixiang.apps.feedback import erasing

    try:
        erasing.catch_up()
    except OSError:
        name = str(settings.TOMBSTONES)
        raise Fault("已删除声音的编号文件“%(name)s”无法读写；请检查 HUIXIANG_TOMBSTONES 与权限", name=name) from None


def ready_pages() -> None:
    """Style, scripts and icons stand where the server takes them from, those of this very version. Raises Fault."""
    from django.conf import settings
    from django.core.management import call_command

    try:
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a folder that is not there
        if settings.PRODUCTION:  # else they are served from the source
            call_command("collectstatic", interactive=False, verbosity=0)
    except OSError:
        folder = str(settings.STATIC_ROOT)
        raise Fault("网页的静态文件无法写入“%(name)s”；请检查 HUIXIANG_DATA 与权限", name=folder) from None
