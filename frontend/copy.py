"""Which files of npm do our pages serve, under which licence? Copies them and writes what was copied.

    cd frontend && npm ci --ignore-scripts && python copy.py

The copies are committed, so that running the product and its tests needs no npm. A test compares them with the manifest
and, where node_modules is present, with what npm brought.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "node_modules"
ROOT = HERE.parent
SERVED = "src/huixiang/web/static/vendor"
TESTED = "tests/browser/vendor"

# Package, its file, where it goes. Nothing more than the pages use.
FILES = [
    ("@tabler/core", "dist/css/tabler.min.css", f"{SERVED}/tabler.min.css"),
    ("echarts", "dist/echarts.min.js", f"{SERVED}/echarts.min.js"),
    ("htmx.org", "dist/htmx.min.js", f"{SERVED}/htmx.min.js"),
    ("axe-core", "axe.min.js", f"{TESTED}/axe.min.js"),  # looks for barriers in the browser tests; never served
]
# Our name of an icon → Tabler's. They become one sprite: a handful of outlines instead of a font of 5,000.
ICONS = {
    "alert": "alert-triangle",
    "arrow-down": "arrow-down-right",
    "arrow-left": "arrow-left",
    "arrow-right": "arrow-right",
    "arrow-up": "arrow-up-right",
    "brain": "brain",
    "building": "building-bank",
    "bulb": "bulb",
    "calendar": "calendar",
    "chart": "chart-histogram",
    "check": "check",
    "chevron-down": "chevron-down",
    "chevron-right": "chevron-right",
    "clipboard": "clipboard-check",
    "clock": "clock-play",
    "close": "x",
    "copy": "copy",
    "download": "download",
    "edit": "pencil",
    "empty": "ripple",
    "file": "file-text",
    "filter": "filter",
    "history": "history",
    "info": "info-circle",
    "key": "key",
    "language": "language",
    "lock": "lock",
    "logout": "logout",
    "mailbox": "mailbox",
    "mask": "eye-off",
    "menu": "menu-2",
    "message": "message-2",
    "messages": "messages",
    "minus": "minus",
    "moon": "moon",
    "phone": "phone",
    "plus": "plus",
    "refresh": "refresh",
    "rss": "rss",
    "search": "search",
    "share": "share",
    "shield": "shield-check",
    "sun": "sun",
    "trash": "trash",
    "trending": "trending-up",
    "upload": "upload",
    "user": "user",
    "users": "users",
}
SPRITE = f"{SERVED}/icons.svg"
# A map we do not serve: Django's storage would look for it and stop. Nothing else of a file is changed.
_SOURCE_MAP = re.compile(rb"\n?/\*# sourceMappingURL=[^*]*\*/\s*$")
_INNER = re.compile(r"<svg[^>]*>(.*?)</svg>", re.DOTALL)


def package(name: str) -> dict[str, str]:
    about = json.loads((PACKAGES / name / "package.json").read_text("utf-8"))
    return {"package": name, "version": about["version"], "licence": about["license"]}


def sprite() -> bytes:
    """All icons as symbols of one SVG file, to be shown by <use href="icons.svg#name">."""
    symbols = []
    for name, theirs in ICONS.items():
        source = (PACKAGES / "@tabler/icons/icons/outline" / f"{theirs}.svg").read_text("utf-8")
        inner = _INNER.search(source)
        if inner is None:
            raise ValueError(f"{theirs}.svg holds no <svg>: has the package @tabler/icons changed its form?")
        paths = "".join(line.strip() for line in inner[1].splitlines())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{paths}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def contents() -> dict[str, tuple[dict[str, str], bytes]]:
    """Where each file goes, with its package and its bytes, as npm brought them."""
    wanted = {
        to: (package(name), _SOURCE_MAP.sub(b"\n", (PACKAGES / name / path).read_bytes())) for name, path, to in FILES
    }
    wanted[SPRITE] = (package("@tabler/icons"), sprite())
    return wanted


def main() -> None:
    manifest = {}
    for to, (about, data) in contents().items():
        target = ROOT / to
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        manifest[to] = about | {"sha256": hashlib.sha256(data).hexdigest()}
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    (HERE / "manifest.json").write_text(text, "utf-8")
    for name in {about["package"] for about in manifest.values()}:
        folder = ROOT / (TESTED if name == "axe-core" else SERVED) / "licences"
        licence = next((PACKAGES / name).glob("LICENSE*"), None)
        if licence is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name.strip('@').replace('/', '-')}.txt").write_bytes(licence.read_bytes())


if __name__ == "__main__":
    main()
