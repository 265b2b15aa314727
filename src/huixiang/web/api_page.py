"""Which operations has the API? Its schema as a page for people; open, as the schema itself is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huixiang.web.api import api


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    schema = api.get_openapi_schema()
    found = [
        _operation(method, path, operation, schema["components"]["schemas"])
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api_docs.html", {"operations": found})


def _operation(method: str, path: str, operation: Any, named: Any) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    fields = {name: field for content in body.values() for name, field in _fields(content["schema"], named).items()}
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "right": next(right for entry in operation["security"] for rights in entry.values() for right in rights),
        "parameters": [(each["name"], _type(each["schema"])) for each in operation.get("parameters", [])],
        "body": [(name, _type(field)) for name, field in fields.items()],
        "statuses": list(operation["responses"]),
    }


def _fields(schema: Any, named: Any) -> dict[str, Any]:
    if "$ref" in schema:
        schema = named[schema["$ref"].rpartition("/")[2]]
    return dict(schema.get("properties", {}))


def _type(schema: Any) -> str:
    """`string`, `array of Channel`, `date or null`: as short as it can be said."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"[{_type(schema['items'])}]"
    return str(schema.get("format") or schema.get("type", ""))
