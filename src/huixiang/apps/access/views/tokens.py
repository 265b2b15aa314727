"""Keys to the API: one's own only."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huixiang.apps.access import actions, audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.forms import TokenForm
from huixiang.apps.access.models import Token
from huixiang.apps.access.rights import RIGHTS


@never_cache
@requires("token.own")
def tokens(request: HttpRequest) -> HttpResponse:
    """List, and make a new one: the answer to the POST shows it, once."""
    form, plain = TokenForm(request.POST or None, by=who(request)), ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, plain = actions.create_token(who(request), source=audit.origin(request), **form.cleaned_data)
            form = TokenForm(by=who(request))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    own = Token.objects.filter(staff=who(request)).order_by("revoked_at", "-created_at")
    return render(request, "access/tokens.html", {"form": form, "tokens": own, "plain": plain, "rights": RIGHTS})


@requires("token.own")
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(Token, pk=pk, staff=who(request))
    actions.revoke_token(token, who(request), audit.origin(request))
    return redirect("tokens")
