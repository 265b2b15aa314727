"""Which voices does the reader want to see? The address becomes a slice of the lake, never beyond his reach."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback import findings, tiers
from huixiang.apps.feedback.names import CHANNELS, KINDS, SENTIMENTS
from huixiang.domain.understanding.normal import normalise
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake

MANY_UNITS = 300  # a longer list is no help to choose from
LONGEST_QUERY = 100
ANY, URGENT = "~any", "~urgent"  # of the risks
NONE = "~"  # chosen for voices without a unit or a version; no unit's code looks like it


def months_before(day: date, months: int) -> date:
    """The same day some months earlier; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class Reach:
    """The units in which this person holds the right: what the filter offers, and what it never leaves."""

    def __init__(self, staff: Staff, right: str) -> None:
        self.codes = staff.scope(right)
        units = Unit.objects.all() if self.codes is None else Unit.objects.filter(code__in=self.codes)
        self.units = list(units)
        self.by_code = {unit.code: unit for unit in self.units}

    def below(self, code: str) -> frozenset[str] | None:
        """The codes of a unit and all below it, within reach. None is the whole bank, with voices of no unit."""
        if not code or (self.codes is None and self.by_code[code].parent_id is None):
            return self.codes
        path = self.by_code[code].path
        return frozenset(unit.code for unit in self.units if unit.path.startswith(path))

    def choices(self, chosen: str = "") -> list[tuple[str, str]]:
        """As deep into the tree as a list can be read; the chosen one in any case."""
        if not self.units:
            return []
        top = min(unit.depth for unit in self.units)
        depths = sorted({unit.depth for unit in self.units}, reverse=True)
        shown = {depth: [unit for unit in self.units if unit.depth <= depth] for depth in depths}
        depth = next((depth for depth in depths if len(shown[depth]) <= MANY_UNITS), top)
        units = [unit for unit in self.units if unit.depth <= depth or unit.code == chosen]
        return [(unit.code, "\u3000" * (unit.depth - top) + unit.name) for unit in units]


class Filter(forms.Form):
    """The filter of both reading pages; the overview shows fewer of its fields."""

    q = forms.CharField(label=_("搜索"), required=False, max_length=LONGEST_QUERY)
    since = forms.DateField(
        label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    channel = forms.ChoiceField(label=_("渠道"), required=False)
    branch = forms.ChoiceField(label=_("机构"), required=False)
    product = forms.ChoiceField(label=_("产品"), required=False)
    version = forms.ChoiceField(label=_("版本"), required=False)
    tier = forms.ChoiceField(label=_("客户等级"), required=False)
    sentiment = forms.ChoiceField(label=_("情感"), required=False)
    kind = forms.ChoiceField(label=_("性质"), required=False)
    topic = forms.ChoiceField(label=_("事项"), required=False)
    risk = forms.ChoiceField(label=_("风险"), required=False)
    once = forms.BooleanField(label=_("合并重复"), required=False)
    by = forms.ChoiceField(
        label=_("粒度"),
        required=False,
        choices=[("", _("自动")), ("day", _("日")), ("week", _("周")), ("month", _("月"))],
    )

    def __init__(
        self, data: Any, *, lake: Lake, reach: Reach, products: Sequence[str], versions: Sequence[str]
    ) -> None:
        super().__init__(data, auto_id="filter_%s")
        # What the account of an import links to; "import" can be no attribute in Python.
        self.fields["import"] = forms.UUIDField(required=False, widget=forms.HiddenInput)
        self.lake, self.reach = lake, reach
        chosen = str(data.get("branch", ""))
        self._offer("channel", _("全部渠道"), list(CHANNELS.items()))
        nowhere = [(NONE, _("未归属到机构"))] if reach.codes is None else []
        self._offer("branch", _("全部机构"), reach.choices(chosen if chosen in reach.by_code else "") + nowhere)
        self._offer("product", _("全部产品"), [(name, name) for name in products if name])
        named = [(name, name) for name in versions if name]
        self._offer("version", _("全部版本"), [*named, (NONE, _("未注明版本"))])
        self._offer("tier", _("全部等级"), tiers.present(lake, Slice(reach.codes)))
        self._offer("sentiment", _("全部情感"), list(SENTIMENTS.items()))
        self._offer("kind", _("全部性质"), list(KINDS.items()))
        self._offer("topic", _("全部事项"), findings.choices("taxonomy"))
        self._offer("risk", _("不限"), [(URGENT, _("须立即处理的")), (ANY, _("任何风险")), *findings.choices("risks")])
        for name, field in self.fields.items():
            if name not in {"once", "import"}:
                select = isinstance(field, forms.ChoiceField)
                field.widget.attrs["class"] = "form-select" if select else "form-control"

    def _offer(self, name: str, everything: Any, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices]

    def clean_q(self) -> str:
        # NUL ends a string for the engine underneath; nobody types it.
        return " ".join(self.cleaned_data["q"].replace("\x00", " ").split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            raise ValidationError(_("起始日期晚于截止日期，请调整后再看。"))
        return cleaned

    @property
    def has_period(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data["since"] or self.cleaned_data["until"])

    def slice(self) -> Slice:
        """What to ask the lake. A filter with faults shows nothing rather than something else than was asked.

        A period leaves out voices of unknown date: what is known of them is only when they were imported. By a class
        of customers is chosen only where nobody is singled out by it.
        """
        if not self.is_valid():
            return Slice(branches=frozenset())
        chosen = self.cleaned_data
        found = Slice(
            branches=frozenset({""}) if chosen["branch"] == NONE else self.reach.below(chosen["branch"]),
            channels=_one(chosen["channel"]),
            since=chosen["since"],
            until=chosen["until"],
            sentiments=_one(chosen["sentiment"]),
            products=_one(chosen["product"]),
            versions=("",) if chosen["version"] == NONE else _one(chosen["version"]),
            query=normalise(chosen["q"]),
            copies=not chosen["once"],
            import_id=str(chosen["import"] or ""),
            dated=True if self.has_period else None,
            kinds=_one(chosen["kind"]),
            topics=findings.below("taxonomy", chosen["topic"]) if chosen["topic"] else (),
            risks=risks(chosen["risk"]),
        )
        return tiers.shown(self.lake, found, chosen["tier"]) if chosen["tier"] else found

    def left_out(self) -> Slice | None:
        """The voices that only the period leaves out, because nobody knows when they were said."""
        return replace(self.slice(), since=None, until=None, dated=False) if self.has_period else None

    def told(self) -> list[tuple[Any, Any]]:
        """What was chosen, in words: a printed page must say what it shows."""
        chosen = self.cleaned_data if self.is_valid() else {}
        fields = [name for name, value in chosen.items() if value and name not in {"by", "import"}]
        return [(self.fields[name].label, self._word(name, chosen[name])) for name in fields]

    def _word(self, name: str, value: Any) -> Any:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value]).strip()  # type: ignore[arg-type]
        return "✓" if value is True else value

    @property
    def is_narrowed(self) -> bool:
        return self.is_valid() and any(value for name, value in self.cleaned_data.items() if name != "by")


def risks(chosen: str) -> tuple[str, ...]:
    """The codes that a choice of risk stands for."""
    if chosen == URGENT:
        return findings.urgent()
    return tuple(code for code, _name in findings.choices("risks")) if chosen == ANY else _one(chosen)


def countable(slice_: Slice, staff: Staff) -> Slice:
    """Counting by words tells what was said: words are left out of the count for who may not read all it counts."""
    read = staff.scope("voice.see")
    reads_all = read is None or (slice_.branches is not None and slice_.branches <= read)
    return slice_ if reads_all and "voice.see" in staff.rights else replace(slice_, query="")


def periods(today: date | None = None) -> list[tuple[Any, date | None, date | None]]:
    """The periods people ask for most, as links: name, since, until."""
    today = today or timezone.localdate()
    first = today.replace(day=1)
    last_month_end = first - timedelta(days=1)
    return [
        (_("本月"), first, today),
        (_("上月"), last_month_end.replace(day=1), last_month_end),
        (_("近 90 天"), today - timedelta(days=89), today),
        (_("近一年"), months_before(today, 12) + timedelta(days=1), today),
        (_("全部时间"), None, None),
    ]


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()
