"""Does the house keep its own rules? The three that no linter knows."""

from __future__ import annotations

import re
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from huixiang.web.urls import OWN, PUBLIC

ROOT = Path(__file__).resolve().parents[2]
API = ROOT / "src/huixiang/web/api"
FORBIDDEN = {"utils", "helpers", "common", "misc", "base", "core", "manager"}
LONGEST = 400  # lines
LONGER_FOR_A_REASON: dict[str, str] = {}


def pages() -> list[Path]:
    """Our own templates, styles and scripts; what comes from others lies in folders named vendor."""
    found = [path for kind in ("html", "css", "js") for path in (ROOT / "src").rglob(f"*.{kind}")]
    return [path for path in found if "vendor" not in path.parts]


def sources() -> list[Path]:
    found = [path for folder in ("src", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def addresses(resolver: URLResolver | None = None, before: str = "") -> dict[str, URLPattern]:
    """Every address in full, as it stands in the files of URLs."""
    found: dict[str, URLPattern] = {}
    for entry in (resolver or get_resolver()).url_patterns:
        address = before + str(entry.pattern)
        found |= addresses(entry, address) if isinstance(entry, URLResolver) else {address: entry}
    return found


def test_every_url_carries_a_right_or_is_known_to_be_open() -> None:
    wrong = []
    for address, pattern in addresses().items():
        carries = hasattr(pattern.callback, "right") or hasattr(pattern.callback, "operation_rights")
        if carries == (address in PUBLIC | OWN):
            wrong.append(address)
    assert not wrong, "open to everyone who knows it, or listed as open and not so"


def test_what_is_open_is_there() -> None:
    assert set(addresses()) >= PUBLIC | OWN


def test_no_source_file_is_too_long_to_read() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in [*sources(), *pages()]
    }
    too_long = {name: lines for name, lines in lengths.items() if lines > LONGEST and name not in LONGER_FOR_A_REASON}
    assert not too_long, "split by subject, or list it in LONGER_FOR_A_REASON"


def test_no_module_is_named_for_a_kind_instead_of_a_subject() -> None:
    assert not [path for path in sources() if path.stem in FORBIDDEN or FORBIDDEN & set(path.relative_to(ROOT).parts)]


def test_the_settings_stay_on_a_few_pages() -> None:
    assert len((ROOT / "src/huixiang/web/settings.py").read_text("utf-8").splitlines()) < 250


def test_no_two_answers_of_the_api_share_a_name() -> None:
    """In the API's description one would stand in the place of the other."""
    found = re.findall(r"^class (\w+)\(Schema\)", "\n".join(p.read_text("utf-8") for p in API.glob("*.py")), re.M)
    assert sorted(found) == sorted(set(found))
