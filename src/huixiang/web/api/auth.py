"""Whose request is it, and what does it open? The token's scopes, as far as its owner still holds these rights.

There is no session here and so no forged request of a browser. A right that is missing looks like a thing that is
missing, as on the pages; only a token that does not hold is told so (401).
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.http import Http404, HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Token
from huixiang.apps.access.rights import RIGHTS

Body = TypeVar("Body")


class Bearer(HttpBearer):
    """`auth=Bearer("voice.see")`: how an operation carries its right. A test holds that each one does.

    `or_rights` open it as well; what lies behind it for whom is then for the operation to ask.
    """

    def __init__(self, right: str, *or_rights: str) -> None:
        if not {right, *or_rights} <= RIGHTS.keys():
            raise ValueError(f"{right!r} is not in the table of rights")
        super().__init__()
        self.right, self.rights = right, (right, *or_rights)

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        found: Token = known(request) or _found(token)
        request.token = found  # type: ignore[attr-defined]
        # Whoever acts through a token holds no more than it: rights and reach ask `narrowed_to`.
        found.staff.narrowed_to = frozenset(found.scopes)
        if found.staff.rights.isdisjoint(self.rights):
            audit.record(
                self.right, by=found.staff, on_kind="api", on_id=request.path, source=source(request), outcome="refused"
            )
            raise Http404
        return found


def known(request: HttpRequest) -> Token | None:
    """The token, once it was found: the door and ninja both ask."""
    return getattr(request, "token", None)


def who(request: HttpRequest) -> Staff:
    """The person on whose behalf the request is made."""
    return token_of(request).staff


def token_of(request: HttpRequest) -> Token:
    found = known(request)
    assert found is not None, "only operations behind Bearer ask this"
    return found


def source(request: HttpRequest) -> str:
    """From where? The address, and which token."""
    return f"{audit.origin(request)} token:{token_of(request).pk}".strip()


def _found(plain: str) -> Token:
    token = Token.authenticate(plain.strip())
    # Who holds a one-time password must choose her own first, as at the door of the pages.
    if token is None or token.staff.must_change_password:
        raise AuthenticationError
    return token


def shown(request: HttpRequest, right: str, body: Body) -> Body | None:
    """A verb's answer tells of its object only to who may also read it."""
    return body if right in who(request).rights else None


def rights_of(operation: Any) -> tuple[str, ...]:
    """The rights that a ninja operation carries, any of which opens it; one without is a programming error."""
    doors = [callback for callback in operation.auth_callbacks if isinstance(callback, Bearer)]
    if len(doors) != 1:
        raise ValueError(f"{operation.path}: an operation needs auth=Bearer(RIGHT)")
    return doors[0].rights
