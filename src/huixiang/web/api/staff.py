"""Who works for the bank, in which posts, and how do they come and go? Each look at persons is recorded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema
from pydantic import Field

from huixiang.apps.access import actions, audit
from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.access.rights import ROLES
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import Code, Day, Given, Limit, Page, RowId, Word

router = Router(tags=["staff"])
SEE, CHANGE = Bearer("organisation.see"), Bearer("organisation.change")
Role = Annotated[str, Field(json_schema_extra={"enum": sorted(ROLES)})]


class PostOut(Schema):
    """`to_on` is the last day; null: it has no end yet."""

    id: int
    role: str
    unit: str
    from_on: date
    to_on: date | None

    @classmethod
    def of(cls, post: Post) -> PostOut:
        return cls(id=post.pk, role=post.role, unit=post.unit.code, from_on=post.from_on, to_on=post.to_on)


class StaffOut(Schema):
    number: str
    name: str
    email: str
    is_active: bool
    must_change_password: bool
    last_login_at: datetime | None
    posts: list[PostOut]

    @classmethod
    def of(cls, person: Staff) -> StaffOut:
        same = ("number", "name", "email", "is_active", "must_change_password")
        posts = [PostOut.of(post) for post in person.posts.all()]
        return cls(**{name: getattr(person, name) for name in same}, last_login_at=person.last_login, posts=posts)


class StaffIn(Given):
    number: Code
    name: Annotated[Word, Field(min_length=1, max_length=60)]
    email: Word = ""


class StaffChange(Given):
    """What is left out stays as it is."""

    name: Annotated[Word, Field(min_length=1, max_length=60)] | None = None
    email: Word | None = None


class PostIn(Given):
    unit: Code
    role: Role
    from_on: Day
    to_on: Day | None = None


class PostEnd(Given):
    """The last day, no later than the post would end anyway."""

    on: Day


class PasswordOut(Schema):
    """Told once; to be changed at the first log-in, before it expires."""

    one_time_password: str
    expires_at: datetime


@router.get("/staff", auth=SEE, response=Page[StaffOut], summary=gettext_noop("人员列表"))
def list_staff(request: HttpRequest, q: Word = "", after: Word = "", limit: Limit = 50) -> Page[StaffOut]:
    """`q` is looked for in number and name."""
    rows = Staff.objects.all().visible_to(who(request)).prefetch_related("posts__unit")
    rows = rows.filter(Q(number__icontains=q) | Q(name__icontains=q)) if q else rows
    found, following = page(rows, ("number",), after, limit)
    facts = {"on_kind": "organisation", "source": source(request)}
    audit.record("staff.read", by=who(request), count=len(found), after=after, **facts)
    return Page[StaffOut](items=[StaffOut.of(person) for person in found], next=following)


@router.get("/staff/{number}", auth=SEE, response=StaffOut, summary=gettext_noop("一名人员及其岗位"))
def read_staff(request: HttpRequest, number: Path[Code]) -> StaffOut:
    person = _seen(request, number, "staff.read")
    audit.record("staff.read", by=who(request), on_kind="staff", on_id=number, source=source(request))
    return StaffOut.of(person)


@router.post("/staff", auth=CHANGE, response={201: StaffOut | None}, summary=gettext_noop("新建人员"))
def create_staff(request: HttpRequest, person: StaffIn) -> StaffOut | None:
    """Without posts, and without a password until one is issued."""
    return _told(request, actions.create_staff(who(request), source=source(request), **person.dict()))


@router.post(
    "/staff/{number}/change", auth=CHANGE, response=StaffOut | None, summary=gettext_noop("修改人员的姓名或邮箱")
)
def change_staff(request: HttpRequest, number: Path[Code], change: StaffChange) -> StaffOut | None:
    person = _seen(request, number, "staff.change")
    fields = {name: value for name, value in change.dict().items() if value is not None}
    actions.change_staff(person, who(request), source(request), **fields)
    return _told(request, person)


@router.post("/staff/{number}/deactivate", auth=CHANGE, response=StaffOut | None, summary=gettext_noop("停用人员"))
def deactivate_staff(request: HttpRequest, number: Path[Code]) -> StaffOut | None:
    """Log-in, sessions and tokens end at once."""
    person = _seen(request, number, "staff.deactivate")
    actions.deactivate_staff(person, who(request), source(request))
    return _told(request, person)


@router.post("/staff/{number}/reactivate", auth=CHANGE, response=StaffOut | None, summary=gettext_noop("恢复人员"))
def reactivate_staff(request: HttpRequest, number: Path[Code]) -> StaffOut | None:
    """She needs a new password."""
    person = _seen(request, number, "staff.reactivate")
    actions.reactivate_staff(person, who(request), source(request))
    return _told(request, person)


@router.post("/staff/{number}/password", auth=CHANGE, response=PasswordOut, summary=gettext_noop("发放一次性密码"))
def issue_password(request: HttpRequest, number: Path[Code]) -> PasswordOut:
    person = _seen(request, number, "password.issue")
    plain = actions.issue_password(person, who(request), source(request))
    assert person.password_expires_at is not None
    return PasswordOut(one_time_password=plain, expires_at=person.password_expires_at)


@router.post("/staff/{number}/posts", auth=CHANGE, response={201: PostOut | None}, summary=gettext_noop("登记岗位"))
def give_post(request: HttpRequest, number: Path[Code], given: PostIn) -> PostOut | None:
    person = _seen(request, number, "post.give")
    unit = Unit.objects.filter(code=given.unit).first()
    if unit is None:
        raise Invalid("body", "unit", _("机构不存在，或不在权限范围内"))
    days = {"from_on": given.from_on, "to_on": given.to_on}
    post = actions.give_post(person, unit, given.role, who(request), source(request), **days)
    return shown(request, "organisation.see", PostOut.of(post))


@router.post("/posts/{post_id}/end", auth=CHANGE, response=PostOut | None, summary=gettext_noop("结束岗位"))
def end_post(request: HttpRequest, post_id: Path[RowId], end: PostEnd) -> PostOut | None:
    post = get_object_or_404(Post.objects.select_related("staff", "unit"), pk=post_id)
    actions.end_post(post, end.on, who(request), source(request))
    return shown(request, "organisation.see", PostOut.of(post))


def _seen(request: HttpRequest, number: str, verb: str) -> Staff:
    return actions.seen_person(verb, who(request), number, source(request))


def _told(request: HttpRequest, person: Staff) -> StaffOut | None:
    return shown(request, "organisation.see", StaffOut.of(person))
