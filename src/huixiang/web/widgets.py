"""Why does a page with forty fields open as fast as one with four? The plain ones are written without templates.

Django renders each attribute and each option of a field through a template of its own: two thirds of the time of a page
of many fields. What is written here is what those templates write, but for empty lines; other widgets still go to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

FOLDER = "django/forms/widgets/"


class PlainWidgets(DjangoTemplates):
    """The renderer of all forms (`FORM_RENDERER`)."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = WRITTEN.get(template_name)
        return write(context["widget"]) if write else super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    value = widget["value"]
    said = "" if value is None else f' value="{_as_text(value)}"'
    kind, name = conditional_escape(widget["type"]), conditional_escape(widget["name"])
    return mark_safe(f'<input type="{kind}" name="{name}"{said}{_attributes(widget)}>')  # noqa: S308


def _textarea(widget: dict[str, Any]) -> SafeString:
    said = conditional_escape(widget["value"]) if widget["value"] else ""
    return mark_safe(  # noqa: S308
        f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget)}>\n{said}</textarea>'
    )


def _select(widget: dict[str, Any]) -> SafeString:
    told = "".join(_groups(widget["optgroups"]))
    return mark_safe(  # noqa: S308
        f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>{told}\n</select>'
    )


def _groups(groups: Any) -> Iterator[str]:
    for name, choices, _place in groups:
        if name:
            yield f'\n  <optgroup label="{conditional_escape(name)}">'
        for each in choices:
            label = conditional_escape(localize(each["label"]))
            yield f'\n  <option value="{_as_text(each["value"])}"{_attributes(each)}>{label}</option>'
        if name:
            yield "\n  </optgroup>"


def _attributes(widget: dict[str, Any]) -> str:
    """A name alone where it is true, none where it is false."""
    told = ((conditional_escape(name), value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{_as_text(value)}"' for name, value in told)


def _as_text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


INPUTS = ("input", "text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox",
          "file")  # fmt: skip
WRITTEN: dict[str, Callable[[dict[str, Any]], SafeString]] = {
    **{f"{FOLDER}{name}.html": _input for name in INPUTS},
    f"{FOLDER}textarea.html": _textarea,
    f"{FOLDER}select.html": _select,
}
