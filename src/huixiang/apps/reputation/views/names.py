"""By which names are banks counted? The dictionary in force, its former editions, and a try with a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.feedback.faults import told_masked
from huixiang.apps.reputation import actions, names
from huixiang.apps.reputation.forms import NamesForm
from huixiang.apps.reputation.models import NameBook
from huixiang.channels.contract import Fault
from huixiang.domain.reputation.brands import Book
from huixiang.domain.understanding.normal import normalise

EDITIONS, LONGEST_TRIAL = 20, 300


@dataclass(frozen=True, slots=True)
class Trial:
    """What the dictionary finds in a sentence that somebody typed: pieces with the bank each names, "" for none."""

    pieces: list[tuple[str, str]]
    is_rivals: bool


@never_cache
@requires("names.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def social_names(request: HttpRequest) -> HttpResponse:
    """POST with `try` tries a sentence and keeps nothing; otherwise the text becomes the edition in force."""
    book, trial, form = names.in_force(), None, NamesForm(initial={"text": names.text_in_force()})
    if request.method == "POST" and "try" in request.POST:
        trial = _tried(book, request.POST.get("sentence", "")[:LONGEST_TRIAL])
    elif request.method == "POST":
        form = NamesForm(request.POST, request.FILES)
        if form.is_valid():
            chosen = form.cleaned_data
            try:
                actions.write_names(chosen["text"], chosen["note"], by=who(request), source=audit.origin(request))
            except Fault as fault:
                form.add_error("text", told_masked(fault))
            else:
                messages.success(request, _("已启用新的词典；社交媒体的声音正在后台按它重新核对。"))
                return redirect("social_names")
    editions = NameBook.objects.select_related("by", "job")[:EDITIONS]
    context: dict[str, Any] = {"form": form, "book": book, "trial": trial, "editions": editions}
    return render(request, "reputation/names.html", context, status=422 if form.errors else 200)


def _tried(book: Book, sentence: str) -> Trial:
    normal, today = normalise(sentence), timezone.localdate()
    titles = {brand.code: brand.title for brand in book.brands}
    pieces, end = [], 0
    for place in book.places(normal, today):
        if place.begin >= end:
            pieces += [(normal[end : place.begin], ""), (normal[place.begin : place.end], titles[place.code])]
            end = place.end
    pieces.append((normal[end:], ""))
    return Trial([piece for piece in pieces if piece[0]], bool(book.about(normal, today)))
