"""How does Schemathesis ask the API? Good requests and bad ones, few of each: what is asked of whom."""

from __future__ import annotations

from typing import Any

import schemathesis
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import AnalysisConfig, ConstantsConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from huixiang.web.wsgi import application

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REACHED = {200, 201, 202, 422}
BOUNDED = settings(
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def operations() -> list[Any]:
    """All that the API promises."""
    project = ProjectConfig(analysis=AnalysisConfig(constants=ConstantsConfig(enabled=False)))  # reads all our source
    whole = SchemathesisConfig(projects=ProjectsConfig(default=project))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=whole)
    return [found.ok() for found in schema.get_all_operations()]


def asked(ids: dict[str, Any]) -> list[tuple[GenerationMode, dict[str, Any], int]]:
    """Good and bad requests, with the ids of what there is, and good ones of what there is not; and how many of them.

    Most go where most can break: to what there is. That an unknown id is told kindly is seen at once. The shape of an
    answer does not hang on where rows are kept: the second database is asked what its columns may refuse, by good
    requests that write into them.
    """
    good, bad = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
    if connection.vendor != "sqlite":
        return [(good, ids, 2)]
    if not ids:
        return [(good, {}, 2), (bad, {}, 2)]
    return [(good, ids, 2), (bad, ids, 1), (good, {}, 1)]


def reached(operation: Any, ids: dict[str, Any], plain: str) -> bool:
    """Did one of the requests come as far as the operation itself? All answers kept their promises."""
    statuses: set[int] = set()
    for mode, known, often in asked(ids):
        statuses |= sent(operation, mode, known, often, plain)
    if not statuses & REACHED:  # a request with both faults is told one of them: only where nothing else came through
        statuses |= sent(operation, GenerationMode.NEGATIVE, {}, 2, plain)
    return bool(statuses & REACHED)


def sent(operation: Any, mode: GenerationMode, ids: dict[str, Any], often: int, plain: str) -> set[int]:
    """Which answers came? Each of them kept its promises."""
    statuses = set()

    @settings(BOUNDED, max_examples=often)
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=ids or None))
    def answered(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {plain}"})
        case.validate_response(response, checks=CHECKS)
        statuses.add(int(response.status_code))

    answered()
    return statuses
