"""Which part of a request is wrong, and why? Pydantic's findings, in the caller's language, with a JSON pointer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Pydantic's name of a finding begins with the key; the first that fits is told. The placeholders are pydantic's own.
SENTENCES = (
    ("missing", gettext_lazy("缺少此项")),
    ("extra_forbidden", gettext_lazy("没有这一项")),
    ("greater_than_equal", gettext_lazy("不能小于 %(ge)s")),
    ("less_than_equal", gettext_lazy("不能大于 %(le)s")),
    ("string_too_long", gettext_lazy("不能超过 %(max_length)s 个字符")),
    ("string_too_short", gettext_lazy("至少 %(min_length)s 个字符")),
    ("string_pattern_mismatch", gettext_lazy("形式不符：应符合 %(pattern)s")),
    ("too_long", gettext_lazy("不能超过 %(max_length)s 项")),
    ("too_short", gettext_lazy("至少 %(min_length)s 项")),
    ("literal_error", gettext_lazy("应为 %(expected)s")),
    ("enum", gettext_lazy("应为 %(expected)s")),
    ("int_", gettext_lazy("应为整数")),
    ("bool_", gettext_lazy("应为 true 或 false")),
    ("date_", gettext_lazy("应为日期，例：2026-11-24")),
    ("uuid_", gettext_lazy("应为 UUID")),
    ("string_", gettext_lazy("应为文本")),
    ("dict_", gettext_lazy("应为 JSON 对象")),
    ("list_", gettext_lazy("应为列表")),
)


def error(place: str, path: Sequence[object], detail: str) -> dict[str, str]:
    """`pointer` is an RFC 6901 pointer inside the body, or "/NAME" of a parameter; `in` tells which of the two."""
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in path]
    return {"in": place, "pointer": "#" + "".join(f"/{step}" for step in steps), "detail": detail}


def told(found: Mapping[str, Any]) -> dict[str, str]:
    """One of ninja's errors; its `loc` begins with the place and, in a body, the name of the function's argument."""
    place, *path = found["loc"]
    if place in ("body", "query", "form") and len(path) > 1:
        path = path[1:]
    detail = next((text for kind, text in SENTENCES if found["type"].startswith(kind)), None)
    context = {name: _either(value) for name, value in found.get("ctx", {}).items()}
    return error(
        "body" if place in ("form", "file") else place, path, str(detail) % context if detail else _("内容无法接受")
    )


def _either(value: object) -> str:
    return str(value).replace(" or ", " / ")
