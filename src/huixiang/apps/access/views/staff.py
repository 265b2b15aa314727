"""Who is this person, which posts has she, may she log in? Each look is recorded, each change a verb."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huixiang.apps.access import actions, audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.forms import EndPostForm, PostForm, StaffForm
from huixiang.apps.access.models import Post, Staff, Token

SEE, CHANGE = "organisation.see", "organisation.change"


@never_cache
@requires(SEE)
@require_GET
def staff(request: HttpRequest, number: str) -> HttpResponse:
    person = _visible(request, number, "staff.read")
    audit.record("staff.read", by=who(request), on_kind="staff", on_id=number, source=audit.origin(request))
    return _page(request, person)


@requires(CHANGE)
def staff_new(request: HttpRequest) -> HttpResponse:
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = actions.create_staff(who(request), source=audit.origin(request), **form.cleaned_data)
        messages.success(request, _("已建立。请为其登记岗位，并发放一次性密码。"))
        return redirect("staff", person.number)
    return render(request, "access/staff_form.html", {"form": form})


@requires(CHANGE)
def staff_change(request: HttpRequest, number: str) -> HttpResponse:
    """Another name or e-mail."""
    person = actions.person_to_change("staff.change", who(request), number, audit.origin(request))
    form = StaffForm(request.POST or None, instance=Staff.objects.get(pk=person.pk))
    if request.method == "POST" and form.is_valid():
        actions.change_staff(person, who(request), audit.origin(request), **form.cleaned_data)
        messages.success(request, _("已保存。"))
        return redirect("staff", number)
    return render(request, "access/staff_form.html", {"form": form, "person": person})


@requires(CHANGE)
@require_POST
def staff_access(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """End a person's access, or give it again."""
    verbs = {"deactivate": actions.deactivate_staff, "reactivate": actions.reactivate_staff}
    done = {"deactivate": _("已停用，会话与令牌已失效。"), "reactivate": _("已启用。请发放一次性密码。")}
    try:
        verbs[verb](_visible(request, number, f"staff.{verb}"), who(request), audit.origin(request))
        messages.success(request, done[verb])
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("staff", number)


@never_cache
@requires(CHANGE)
@require_POST
def staff_password(request: HttpRequest, number: str) -> HttpResponse:
    """The answer shows the one-time password, once; it is kept nowhere."""
    person = _visible(request, number, "password.issue")
    try:
        plain = actions.issue_password(person, who(request), audit.origin(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("staff", number)
    return _page(request, person, plain=plain)


@requires(CHANGE)
@require_POST
def post_new(request: HttpRequest, number: str) -> HttpResponse:
    person = _visible(request, number, "post.give")
    form = PostForm(request.POST)
    form.instance.staff = person
    if form.is_valid():
        data = form.cleaned_data
        unit, role = data.pop("unit"), data.pop("role")
        try:
            actions.give_post(person, unit, role, who(request), audit.origin(request), **data)
            messages.success(request, _("岗位已登记。"))
            return redirect("staff", number)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return _page(request, person, form=form)


@requires(CHANGE)
@require_POST
def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("staff"), pk=pk)
    person = _visible(request, post.staff.number, "post.end")
    form = EndPostForm(request.POST)
    if form.is_valid():
        try:
            actions.end_post(post, form.cleaned_data["on"], who(request), audit.origin(request))
            messages.success(request, _("岗位的结束日期已登记。"))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
    else:
        messages.error(request, _("请填写任职最后一天，例：2026-12-31。"))
    return redirect("staff", person.number)


@requires(CHANGE)
@require_POST
def staff_token_revoke(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take back a key that somebody else holds."""
    person = _visible(request, number, "token.revoke")
    actions.revoke_token(get_object_or_404(Token, pk=pk, staff=person), who(request), audit.origin(request))
    messages.success(request, _("令牌已撤销。"))
    return redirect("staff", number)


def _visible(request: HttpRequest, number: str, verb: str) -> Staff:
    return actions.seen_person(verb, who(request), number, audit.origin(request))


def _page(request: HttpRequest, person: Staff, **more: Any) -> HttpResponse:
    by, today = who(request), timezone.localdate()
    posts = [(post, post.to_on is None or post.to_on >= today) for post in person.posts.select_related("unit")]
    may_change = actions.may_change_person(by, person)
    context = {
        "person": person,
        "posts": posts,
        "tokens": person.tokens.usable(today) if may_change else (),
        "may_change": may_change,
        "may_give": by.holds(CHANGE, None) and by != person,
        "form": more.pop("form", None) or PostForm(),
        "today": today,
    }
    return render(request, "access/staff.html", context | more)
