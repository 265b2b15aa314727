"""Do the pages keep the content policy, and do their icons exist? What a browser would only refuse in silence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "src/huixiang"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
SPRITE = (WEB / "web/static/vendor/icons.svg").read_text("utf-8")
# The policy allows only what comes from 'self': nothing written into the page itself would run or apply.
INLINE = re.compile(
    r"""\sstyle\s*=\s*["']|<style|\son[a-z]+\s*=\s*["']|javascript:|hx-on|<script(?![^>]*\ssrc=)""", re.IGNORECASE
)
FOREIGN = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_page_holds_nothing_that_the_policy_refuses(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not INLINE.findall(text)
    assert not FOREIGN.findall(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_icon_named_is_in_the_sprite(path: Path) -> None:
    named = set(re.findall(r"""{% icon ["']([a-z-]+)["']""", path.read_text("utf-8")))
    assert named <= set(re.findall(r'<symbol id="([a-z-]+)"', SPRITE))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_chinese_sign_stands_outside_the_catalogue(path: Path) -> None:
    """A full-width comma between two values would stay in the English page."""
    told = re.compile(
        r"\{#.*?#\}|\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}|\{% translate .*?%\}|<span>中文</span>", re.S
    )
    assert not re.findall(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+", told.sub("", path.read_text("utf-8")))
