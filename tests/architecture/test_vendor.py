"""Are the foreign files we serve the ones we think, from where we think, under a licence we may use?"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = json.loads((ROOT / "frontend/manifest.json").read_text("utf-8"))
LICENCES = {"MIT", "Apache-2.0", "0BSD", "BSD-3-Clause"}
TEST_ONLY = {"axe-core": "MPL-2.0"}  # unmodified, never served


def test_every_vendored_file_is_the_one_the_manifest_names() -> None:
    for path, entry in MANIFEST.items():
        assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == entry["sha256"], (
            f"{path}: run frontend/copy.py"
        )


def test_no_file_lies_among_them_unlisted() -> None:
    for folder in {Path(path).parent for path in MANIFEST}:
        lying = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).iterdir() if path.is_file()}
        assert lying - {f"{folder.as_posix()}/.gitattributes"} <= set(MANIFEST)


def test_versions_are_those_pinned_in_package_json_and_locked() -> None:
    wanted = json.loads((ROOT / "frontend/package.json").read_text("utf-8"))
    locked = json.loads((ROOT / "frontend/package-lock.json").read_text("utf-8"))["packages"]
    pinned = wanted["dependencies"] | wanted["devDependencies"]
    for entry in MANIFEST.values():
        name = entry["package"]
        assert pinned[name] == entry["version"] == locked[f"node_modules/{name}"]["version"]


def test_the_lock_names_no_host_but_the_public_registry() -> None:
    text = (ROOT / "frontend/package-lock.json").read_text("utf-8")
    assert set(re.findall(r'"resolved": "https?://([^/"]+)', text)) <= {"registry.npmjs.org"}


def test_licences_allow_a_bank_to_use_and_change_what_we_serve() -> None:
    for path, entry in MANIFEST.items():
        allowed = LICENCES if "/static/" in path else LICENCES | {TEST_ONLY.get(entry["package"], "")}
        assert entry["licence"] in allowed


def test_served_styles_call_no_stranger() -> None:
    for path in (ROOT / "src/huixiang/web/static").rglob("*.css"):
        found = re.findall(r"@import|url\(\s*['\"]?(?:https?:)?//", path.read_text("utf-8"))
        assert not found, f"{path} would load from elsewhere"


@pytest.mark.skipif(not (ROOT / "frontend/node_modules").exists(), reason="npm ci was not run here")
def test_a_fresh_copy_from_npm_changes_nothing() -> None:
    spec = importlib.util.spec_from_file_location("copying", ROOT / "frontend/copy.py")
    assert spec is not None
    assert spec.loader is not None
    copying = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copying)
    for path, (about, data) in copying.contents().items():
        assert (ROOT / path).read_bytes() == data
        assert MANIFEST[path] == about | {"sha256": hashlib.sha256(data).hexdigest()}
