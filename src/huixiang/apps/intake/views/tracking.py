"""What became of what I wrote? The code on the receipt shows it, to whoever holds the code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.intake import actions, codes, limits
from huixiang.apps.intake.forms import CodeForm
from huixiang.apps.intake.models import Submission
from huixiang.apps.intake.views.customers import for_customers, page


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """The code comes by POST: no log and no history keeps it."""
    if request.method != "POST":
        return page(request, "track", form=CodeForm(auto_id="%s"))
    form, address, now = CodeForm(request.POST, auto_id="%s"), audit.origin(request), timezone.now()
    if not form.is_valid():
        return page(request, "track", form=form, status=422)
    if limits.reached("code", address, limits.MOST_WRONG_CODES, now):
        form.add_error("code", _("输错的次数太多了，请一小时后再试，或带着回执到网点询问。"))
        return page(request, "track", form=form, status=429)
    code = codes.read(form.cleaned_data["code"])
    if code is None:
        form.add_error("code", _("查询码是 15 位数字，这里输入的有误；请对照回执再看一遍。"))
        return page(request, "track", form=form, status=422)
    found = Submission.objects.select_related("box__unit").filter(code=codes.hashed(code)).first()
    if found is None:
        limits.count("code", address, now)
        form.add_error("code", _("没有找到这条留言：查询码不对，或者它已过保存期限、已应要求删除。"))
        return page(request, "track", form=form, status=404)
    return _told(request, found, code)


def _told(request: HttpRequest, found: Submission, code: str) -> HttpResponse:
    withdrawn = "withdraw" in request.POST
    if withdrawn:
        actions.withdraw_contact(found)
        found.refresh_from_db()
    context = {"submission": found, "answers": _answers(found), "code": codes.grouped(code), "withdrawn": withdrawn}
    if found.box is None:  # it came by another way: there is no box whose further pages could be offered
        return page(request, "progress", context)
    return page(request, "progress", context, box=found.box)


def _answers(found: Submission) -> list[tuple[object, str]]:
    told: list[tuple[object, str]] = []
    for each in found.answers.all():
        try:
            told.append((each.at, str(unseal(each.sealed)["text"])))
        except Unsealable:
            told.append((each.at, _("（这条答复暂时无法显示，请到网点询问。）")))
    return told
