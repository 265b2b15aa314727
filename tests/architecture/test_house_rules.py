"""Does the house keep its own rules? The three that no linter knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from huixiang.web.urls import OWN, PUBLIC

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {"utils", "helpers", "common", "misc", "base", "core", "manager"}
LONGEST = 400  # lines
LONGER_FOR_A_REASON: dict[str, str] = {}


def sources() -> list[Path]:
    found = [path for folder in ("src", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def patterns(resolver: URLResolver | None = None) -> list[URLPattern]:
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        found += patterns(entry) if isinstance(entry, URLResolver) else [entry]
    return found


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: str(pattern.name))
def test_every_url_carries_a_right_or_is_known_to_be_open(pattern: URLPattern) -> None:
    carries = hasattr(pattern.callback, "right") or hasattr(pattern.callback, "operation_rights")
    assert carries or pattern.name in PUBLIC | OWN, f"{pattern} is open to everyone who knows it"


def test_no_source_file_is_too_long_to_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in sources()}
    too_long = {name: lines for name, lines in lengths.items() if lines > LONGEST and name not in LONGER_FOR_A_REASON}
    assert not too_long, "split by subject, or list it in LONGER_FOR_A_REASON"


def test_no_module_is_named_for_a_kind_instead_of_a_subject() -> None:
    assert not [path for path in sources() if path.stem in FORBIDDEN or FORBIDDEN & set(path.relative_to(ROOT).parts)]


def test_the_settings_stay_on_a_few_pages() -> None:
    assert len((ROOT / "src/huixiang/web/settings.py").read_text("utf-8").splitlines()) < 250
