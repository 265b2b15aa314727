"""What does the API say when it cannot do as asked? A problem as RFC 9457 has it, in the caller's language."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as RefusedInWords
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import NinjaJSONEncoder

from huixiang.apps.access.answers import AnswerLost, KeyReused, StillRunning
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.feedback.faults import told_fault
from huixiang.channels.contract import Fault
from huixiang.web.api import findings
from huixiang.web.logs import told

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:huixiang:problem:"
log = logging.getLogger(__name__)

# The last part of `type` → HTTP status and title. docs/guide/api.md says what to do about each.
KINDS = {
    "unreadable": (HTTPStatus.BAD_REQUEST, gettext_lazy("请求无法解析")),
    "unauthorized": (HTTPStatus.UNAUTHORIZED, gettext_lazy("需要有效的令牌")),
    "missing": (HTTPStatus.NOT_FOUND, gettext_lazy("不存在，或无权访问")),
    "method": (HTTPStatus.METHOD_NOT_ALLOWED, gettext_lazy("此地址不支持这种请求方法")),
    "running": (HTTPStatus.CONFLICT, gettext_lazy("使用同一幂等键的请求仍在处理")),
    "done": (HTTPStatus.CONFLICT, gettext_lazy("已经完成，当时的答复没能留下")),
    "sealed": (HTTPStatus.CONFLICT, gettext_lazy("封存内容无法打开")),
    "large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, gettext_lazy("请求内容过大")),
    "invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, gettext_lazy("请求内容有误")),
    "refused": (HTTPStatus.UNPROCESSABLE_ENTITY, gettext_lazy("无法按要求处理")),
    "key": (HTTPStatus.UNPROCESSABLE_ENTITY, gettext_lazy("幂等键已用于另一内容的请求")),
    "fault": (HTTPStatus.INTERNAL_SERVER_ERROR, gettext_lazy("系统出现意外错误")),
}

SCHEMA = {
    "title": "Problem",
    "description": "RFC 9457",
    "type": "object",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {"type": "string", "enum": [TYPE + kind for kind in KINDS]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "description": "why a verb was refused, for machines"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "pointer", "detail"],
                "properties": {
                    "in": {"type": "string", "enum": ["query", "path", "header", "body"]},
                    "pointer": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class Invalid(Exception):
    """One part of the request cannot be taken: `place` is query, path, header or body; `name` the part."""

    def __init__(self, place: str, name: str, detail: str) -> None:
        super().__init__(detail)
        self.error = findings.error(place, [name], detail)


def problem(
    request: HttpRequest, kind: str, detail: str = "", errors: Iterable[Mapping[str, str]] = (), code: str = ""
) -> HttpResponse:
    status, title = KINDS[kind]
    content: dict[str, Any] = {"type": TYPE + kind, "title": str(title), "status": status.value}
    content |= {"detail": detail} if detail else {}
    content |= {"code": code} if code else {}
    content |= {"instance": request.path} | ({"errors": list(errors)} if errors else {})
    response = HttpResponse(written(content), status=status, content_type=MEDIA_TYPE)
    if kind == "unauthorized":
        response["WWW-Authenticate"] = 'Bearer realm="huixiang"'
    return response


def written(content: Any) -> bytes:
    """JSON with Chinese as it is read, not as escapes."""
    try:
        return json.dumps(content, cls=NinjaJSONEncoder, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:  # half a character in a quarantined row: only an escape can carry it
        return json.dumps(content, cls=NinjaJSONEncoder).encode()


def register(api: NinjaAPI) -> None:
    """Every exception has its problem; the most specific class wins."""

    def tell(kind: str, *exceptions: type[Exception]) -> None:
        for exception in exceptions:
            api.add_exception_handler(exception, lambda request, error: problem(request, kind))

    tell("unreadable", HttpError, SuspiciousOperation, MultiPartParserError, UnreadablePostError)
    tell("unauthorized", AuthenticationError)
    tell("missing", Http404, ObjectDoesNotExist, PermissionDenied)
    tell("running", StillRunning)
    tell("key", KeyReused)
    tell("large", RequestDataTooBig)
    api.add_exception_handler(AnswerLost, _answer_lost)
    api.add_exception_handler(Unsealable, lambda request, error: problem(request, "sealed", str(error)))
    api.add_exception_handler(Invalid, _invalid_part)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Fault, _refused)
    api.add_exception_handler(RefusedInWords, _refused_in_words)
    api.add_exception_handler(Exception, _unexpected)


def _answer_lost(request: HttpRequest, error: Any) -> HttpResponse:
    detail = _("已对“%(what)s”完成，不会再做一次；请查询它现在的情况。换一个键再发会再做一次。")
    return problem(request, "done", detail % {"what": str(error)})


def _invalid_part(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, "invalid", errors=[error.error])


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, "invalid", errors=[findings.told(each) for each in error.errors])


def _refused(request: HttpRequest, fault: Any) -> HttpResponse:
    """What the verb itself says; `pointer` names the column of the file or row where there is one."""
    detail = told_fault(fault)
    errors = [findings.error("body", ["fields", fault.column], detail)] if fault.column else []
    return problem(request, "refused", detail, errors, getattr(fault, "code", ""))


def _refused_in_words(request: HttpRequest, error: Any) -> HttpResponse:
    """As a form would tell it: by field where there is one."""
    if not hasattr(error, "error_dict"):
        return problem(request, "refused", " ".join(error.messages))
    fields = [name for name in error.message_dict if name != NON_FIELD_ERRORS]
    errors = [findings.error("body", [name], " ".join(error.message_dict[name])) for name in fields]
    return problem(request, "refused", " ".join(error.messages), errors)


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    # Where, not what: a message might quote a customer.
    log.error("%s %s\n%s", request.method, request.path, told(error))
    return problem(request, "fault", _("详情见运行日志。可以使用同一幂等键重试，不会重复处理。"))
