"""Does a bank that runs an older version come to the tables of a new one? From wherever it stands, with its rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

pytestmark = [pytest.mark.one_database, pytest.mark.django_db]
UPGRADED = ("access", "feedback", "sources")


def single_steps(loader: MigrationLoader) -> list[tuple[str, str]]:
    """The last step of each app, where none is taken together with others."""
    return [*{app: (app, name) for app, name in sorted(loader.disk_migrations) if "squashed" not in name}.values()]


def columns(connection: Any) -> dict[str, Any]:
    """What a database looks like to these apps: columns by table, and its named indexes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        found = [row for row in cursor.fetchall() if row[2].split("_")[0] in UPGRADED and row[0] != "trigger"]
        tables = [name for kind, name, _table in found if kind == "table"]
        shapes = {}
        for table in tables:
            cursor.execute(f"PRAGMA table_info({table})")
            shapes[table] = sorted(row[1:] for row in cursor.fetchall())
    return {**shapes, "indexes": sorted((name, table) for kind, name, table in found if kind == "index")}


def beside(connection: Any, name: str) -> Any:
    return type(connection)({**connection.settings_dict, "NAME": name}, alias="default")


@pytest.fixture
def older(db: None, tmp_path: Path) -> Iterator[Any]:
    """An empty database in the place of the tests' own, which is made in one step an app."""
    own = connections["default"]
    with closing(beside(own, str(tmp_path / "older.sqlite3"))) as new:
        connections["default"] = new
        yield new
        connections["default"] = own


def test_single_steps_lead_where_one_step_leads() -> None:
    one, single = MigrationLoader(None), MigrationLoader(None, replace_migrations=False)
    old, new = single.project_state(single_steps(single)), one.project_state()
    assert old.models.keys() == new.models.keys()
    assert not MigrationAutodetector(old, new).changes(one.graph)


def test_who_stands_half_way_takes_the_rest_in_single_steps_and_keeps_rows_and_guard(
    older: Any,
) -> None:
    first = MigrationExecutor(older)
    first.loader.replace_migrations = False
    first.loader.build_graph()
    was = first.migrate([("sources", "0001_initial")]).apps  # all of access, half of feedback
    by = was.get_model("access", "Staff").objects.create(number="1001")
    was.get_model("sources", "Source").objects.create(kind="imap", name="客服信箱", after="delete", by=by)
    record = was.get_model("access", "AuditRecord").objects.create(seq=1, at=timezone.now(), actor="cli:test")
    then = MigrationExecutor(older)
    targets = [key for key in then.loader.graph.leaf_nodes() if key[0] in UPGRADED]
    taken = [step.name for step, _back in then.migration_plan(targets)]
    assert "0012_terms" in taken
    assert not any("squashed" in name for name in taken), "that would make tables that are there"
    now = then.migrate(targets).apps
    assert now.get_model("sources", "Source").objects.get().after == "keep", "letters are left in their place"
    with pytest.raises(DatabaseError, match="append-only"):
        now.get_model("access", "AuditRecord").objects.filter(pk=record.pk).update(actor="")
    assert not MigrationExecutor(older).migration_plan(targets)
    with closing(beside(older, older.settings_dict["TEST"]["NAME"])) as new:
        assert columns(older) == columns(new)
