"""How does one read a long list to its end, without leaps while it grows? By cursor: after this entry, in order."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from huixiang.web.api.problems import Invalid

Row = TypeVar("Row", bound=Model)


def page(rows: QuerySet[Row], order: Sequence[str], after: str, limit: int) -> tuple[list[Row], str | None]:
    """The next rows and the cursor behind them. `order` as in order_by, all one way, the last field unique."""
    names = [name.lstrip("-") for name in order]
    ordered = rows.order_by(*order)
    if after:
        ordered = ordered.filter(_beyond(order, _values(rows.model, names, after)))
    found = list(ordered[: limit + 1])
    more = len(found) > limit
    return found[:limit], _cursor(found[limit - 1], names) if more else None


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """(a, b) > (x, y) spelled out: a > x, or a = x and b > y."""
    beyond, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field = name.lstrip("-")
        beyond |= equal & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{field: value})
    return beyond


def _cursor(row: Model, names: Sequence[str]) -> str:
    values = [getattr(row, name) for name in names]
    text = json.dumps([value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _values(model: type[Model], names: Sequence[str], cursor: str) -> list[Any]:
    """What `_cursor` wrote; anything else is a fault of the request."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        pairs = zip(names, parts, strict=True)
        return [_typed(model, name, part) for name, part in pairs]
    except (ValueError, TypeError, ValidationError):
        raise bad_cursor() from None


def _typed(model: type[Model], name: str, part: Any) -> Any:
    if not isinstance(part, str) or "\x00" in part:
        raise TypeError
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return field.to_python(part)  # type: ignore[union-attr]


def bad_cursor() -> Invalid:
    return Invalid("query", "after", _("不是本接口给出的翻页位置；请从第一页开始"))
