"""Do the pages keep the content policy, and do their icons exist? What a browser would only refuse in silence."""

from __future__ import annotations

import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "src/huixiang"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
SPRITE = (WEB / "web/static/vendor/icons.svg").read_text("utf-8")
# The policy allows only what comes from 'self': nothing written into the page itself would run or apply.
INLINE = re.compile(
    r"""\sstyle\s*=\s*["']|<style|\son[a-z]+\s*=\s*["']|javascript:|hx-on|<script(?![^>]*\ssrc=)""", re.IGNORECASE
)
FOREIGN = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""")


def offences(pattern: re.Pattern[str], without: re.Pattern[str] | None = None) -> dict[str, list[str]]:
    """In which templates does this stand, and what?"""
    found = {}
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        found[str(path.relative_to(WEB))] = pattern.findall(without.sub("", text) if without else text)
    assert found
    return {place: what for place, what in found.items() if what}


def test_no_page_holds_what_the_policy_refuses() -> None:
    assert not offences(INLINE)
    assert not offences(FOREIGN)


def test_every_icon_named_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([a-z-]+)"', SPRITE))
    named = offences(re.compile(r"""{% icon ["']([a-z-]+)["']"""))
    assert named
    assert not {place: icons for place, icons in named.items() if not set(icons) <= there}


def test_no_chinese_sign_stands_outside_the_catalogue() -> None:
    """A full-width comma between two values would stay in the English page."""
    told = re.compile(
        r"\{#.*?#\}|\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}|\{% translate .*?%\}|<span>中文</span>", re.S
    )
    assert not offences(re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+"), without=told)
