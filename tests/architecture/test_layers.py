"""What no contract of the import linter says: the domain has no clock, and no app is left out of the contracts."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src/huixiang"
CLOCKS = {"now", "today", "utcnow", "localtime", "gmtime"}


def clocks(source: str) -> list[str]:
    """Calls that read the clock, as they stand in the source."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [ast.unparse(call) for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) in CLOCKS]


def test_a_clock_is_found_however_it_is_read() -> None:
    assert clocks("datetime.now(tz)") == ["datetime.now(tz)"]
    assert clocks("from x import today\na = today()") == ["today()"]
    assert not clocks("due_on(received_on, now)")


def test_the_domain_is_told_what_time_it_is() -> None:
    sources = sorted((SOURCES / "domain").rglob("*.py"))
    assert sources
    assert not {path.name: found for path in sources if (found := clocks(path.read_text("utf-8")))}


def test_every_app_stands_in_the_contract_of_its_inside() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (inside,) = [each for each in contracts if each["name"].startswith("Inside an app")]
    apps = {path.parent.name for path in (SOURCES / "apps").glob("*/__init__.py")}
    assert set(inside["containers"]) == {f"huixiang.apps.{app}" for app in apps}
