"""Which outside models may take part, do they answer, and shall they be asked anew? Set up in the environment alone."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router, Schema

from huixiang.apps.annotation import actions
from huixiang.apps.annotation.permits import RIGHT
from huixiang.apps.feedback import outside
from huixiang.plugins.checking import Standing
from huixiang.web.api.auth import Bearer, source, who

router = Router(tags=["plugins"])
MANAGE = Bearer(RIGHT)
Name = Literal["llm", "embeddings"]


class PluginOut(Schema):
    """As its variables name it; the key is never told. `kept_count`: answers that are known and cost nothing."""

    name: Name
    model: str
    host: str
    has_key: bool
    is_encrypted: bool
    requests_today: int
    tokens_today: int
    requests_left: int
    tokens_left: int
    kept_count: int

    @classmethod
    def of(cls, found: Standing) -> PluginOut:
        return cls(
            name=found.name,  # type: ignore[arg-type]  # one of service.PREFIXES
            model=found.model,
            host=found.host,
            has_key=found.has_key,
            is_encrypted=found.is_encrypted,
            requests_today=found.spent.requests,
            tokens_today=found.spent.tokens,
            requests_left=found.left.requests,
            tokens_left=found.left.tokens,
            kept_count=found.kept,
        )


class ReachedOut(Schema):
    """`knows_model` is null where it does not list its models; `trouble` says why it does not answer."""

    answers: bool
    knows_model: bool | None
    trouble: str


class ForgottenOut(Schema):
    """How many kept answers were thrown away; the next question is sent again."""

    answers_count: int


@router.get("/plugins", auth=MANAGE, response=list[PluginOut], summary=gettext_noop("设置了的外接模型与今日用量"))
def list_plugins(request: HttpRequest) -> list[PluginOut]:
    """Without asking any of them. Empty: no text leaves the system. Refused where a variable cannot be meant."""
    found, faults = outside.standings()
    if faults:
        raise faults[0]
    return [PluginOut.of(each) for each in found]


@router.post(
    "/plugins/{name}/check", auth=MANAGE, response=ReachedOut, summary=gettext_noop("一个外接模型现在能否联系")
)
def check(request: HttpRequest, name: Name) -> ReachedOut:
    """Asks for the list of its models; no customer's text is sent."""
    found = actions.check_plugin(name, by=who(request), source=source(request))
    return ReachedOut(answers=found.answers, knows_model=found.knows, trouble=found.trouble)


@router.post(
    "/plugins/{name}/forget", auth=MANAGE, response=ForgottenOut, summary=gettext_noop("丢弃一个外接模型的已知答案")
)
def forget(request: HttpRequest, name: Name) -> ForgottenOut:
    """As where the model behind the same name became another one."""
    return ForgottenOut(answers_count=actions.forget_answers(name, by=who(request), source=source(request)))
