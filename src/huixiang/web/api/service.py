"""How does a request come in, and how is the API described? One door before every operation, one schema of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from huixiang.web.api import problems
from huixiang.web.api.auth import Bearer, rights_of, token_of
from huixiang.web.api.idempotency import HEADER, REPLAYED, once

Operations = dict[str, Operation]  # by HTTP method
FORMS = {"multipart/form-data", "application/x-www-form-urlencoded"}


class Readable(JSONRenderer):
    """Answers are written as problems are."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        return problems.written(data)


class Service(NinjaAPI):
    """Ninja with our door, our problems and our right on every operation."""

    def __init__(self, **options: Any) -> None:
        super().__init__(docs_url=None, renderer=Readable(), **options)
        problems.register(self)
        self._described: dict[str, Any] = {}

    def _get_urls(self) -> list[Any]:
        """Ninja makes one pattern an operation; each gets the door, and all operations of its path."""
        views = [view for router in self._get_bound_routers() for view in router.path_operations.values()]
        operations = [_by_method(view.operations) for view in views for _operation in view.operations]
        schema, *patterns, root = super()._get_urls()
        for pattern, found in zip(patterns, operations, strict=True):
            self._guard(pattern, found)
        root.callback = _missing
        return [schema, *patterns, root, path("<path:elsewhere>", _missing, name="api-missing")]

    def _guard(self, pattern: Any, operations: Operations) -> None:
        inner = pattern.callback

        def entered(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if request.method == "HEAD":  # answered as GET; the server leaves the body out
                request.method = "GET"
            try:
                response = self._answer(request, operations, arguments, lambda: inner(request, **arguments))
            except Exception as error:
                response = self.on_exception(request, error)
            response["Cache-Control"] = "no-store"
            return response

        entered.csrf_exempt = True  # type: ignore[attr-defined]  # there is no session that could be misused
        rights = {method: rights_of(operation)[0] for method, operation in operations.items()}
        entered.operation_rights = rights  # type: ignore[attr-defined]  # read by the test of the house rules
        pattern.callback = entered

    def _answer(
        self, request: HttpRequest, operations: Operations, arguments: Any, work: Callable[[], HttpResponse]
    ) -> HttpResponse:
        operation = operations.get(request.method or "")
        if operation is None:
            response = problems.problem(request, "method")
            response["Allow"] = ", ".join(sorted({*operations, *(["HEAD"] if "GET" in operations else [])}))
            return response
        if not operation.auth_callbacks[0](request):
            raise AuthenticationError
        _refuse_unknown(request, operation, arguments)
        return once(request, token_of(request), work) if request.method == "POST" else work()

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> Any:
        """What can be asked of the API? Made once a language: it takes a second, and nobody needs a token to ask."""
        asked = f"{get_language()} {options}"
        if asked not in self._described:
            self._described[asked] = self._schema(**options)
        return self._described[asked]

    def _schema(self, **options: Any) -> Any:
        """Ninja's schema, with what the door adds: rights, problems, the idempotency key."""
        schema = super().get_openapi_schema(**options)
        schema["info"]["description"] = _(schema["info"]["description"])
        schema["components"]["schemas"]["Problem"] = problems.SCHEMA
        for router in self._get_bound_routers():
            for view in router.path_operations.values():
                for operation in view.operations:
                    self._describe(schema, operation)
        return schema

    def _describe(self, schema: Any, operation: Operation) -> None:
        wanted = operation.operation_id or self.get_openapi_operation_id(operation)
        for methods in schema["paths"].values():
            for method, found in methods.items():
                if found["operationId"] == wanted:
                    found["summary"] = _(found["summary"])
                    found["security"] = [{Bearer.__name__: [right]} for right in rights_of(operation)]
                    _add_problems(found, method)


@csrf_exempt
def _missing(request: HttpRequest, elsewhere: str = "") -> HttpResponse:
    """An address of the API that is none."""
    return problems.problem(request, "missing")


def _by_method(operations: list[Operation]) -> Operations:
    return {method: operation for operation in operations for method in operation.methods}


def _refuse_unknown(request: HttpRequest, operation: Operation, arguments: Any) -> None:
    """A misspelt filter must not show more than was asked for; a misspelt field of a form must not be passed over.

    Told together with what else is wrong, so that one look mends all. (A JSON body's schema refuses by itself.)
    """
    sent = {"query": set(request.GET)}
    if request.content_type in FORMS and _known(operation, "form"):
        sent["form"] = {*request.POST, *request.FILES}
    unknown = [
        {"loc": (place, name), "type": "extra_forbidden"}
        for place, names in sent.items()
        for name in sorted(names - _known(operation, place))
    ]
    if unknown:
        raise ValidationError([*unknown, *_other_faults(request, operation, arguments)])


def _known(operation: Operation, place: str) -> set[str]:
    """The names that an operation reads there; a form's files are part of it."""
    places = {"form", "file"} if place == "form" else {place}
    models = [model for model in operation.models if model.__ninja_param_source__ in places]
    return {name for model in models for name in getattr(model, "__ninja_flatten_map__", model.model_fields)}


def _other_faults(request: HttpRequest, operation: Operation, arguments: Any) -> list[Any]:
    try:
        operation._get_values(request, arguments, HttpResponse())  # ninja has no public way to ask
    except ValidationError as error:
        return list(error.errors)
    return []


def _add_problems(found: Any, method: str) -> None:
    statuses = ["400", "401", "404", "422", *(["409", "413"] if method == "post" else [])]
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = {str(status): answer for status, answer in found["responses"].items()}
    if method == "post":
        key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        found["parameters"].append({"in": "header", "name": HEADER, "required": False, "schema": key})
        for answer in responses.values():
            answer.setdefault("headers", {})[REPLAYED] = {"schema": {"type": "string", "enum": ["true"]}}
    for status in statuses:
        titles = [str(title) for code, title in problems.KINDS.values() if str(code.value) == status]
        responses[status] = {"description": _("；").join(titles), "content": content}
    found["responses"] = dict(sorted(responses.items()))
