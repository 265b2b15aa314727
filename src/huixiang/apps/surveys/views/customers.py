"""What does a customer see who answers a survey? One page at a time, no log-in, no cookie, whole without scripts."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.models import bank_name
from huixiang.apps.intake import limits, proofs
from huixiang.apps.intake.admitting import AGAIN_SECONDS
from huixiang.apps.intake.views.customers import for_customers
from huixiang.apps.surveys import carrying, doors, leafing, submitting
from huixiang.apps.surveys.asking import Sheet
from huixiang.apps.surveys.doors import Door, Shut
from huixiang.apps.surveys.handing_in import Sender, TooMany, hand_in
from huixiang.apps.surveys.leafing import Empty, Finished, Leaf
from huixiang.apps.surveys.models import Response
from huixiang.apps.surveys.submitting import LinkUsed, NotOpen, QuotaFull, full_quota
from huixiang.domain.surveys.questionnaire import Questionnaire

WRONG_LINK, MOST_WRONG_LINKS = "survey link", 60
PAGES = {"zh": "zh-hans", "en": "en"}  # a questionnaire's language, and that of the words around it
NAMES = {"zh": "中文", "en": "English"}


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def survey_public(request: HttpRequest, slug: str) -> HttpResponse:
    def open_door() -> Door:
        return doors.public(slug, request.GET.get("u", ""), request.GET.get("trial", ""))

    return _Visit(request).through(open_door)


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def survey_invited(request: HttpRequest, token: str) -> HttpResponse:
    def open_door() -> Door:
        try:
            return doors.invited(token)
        except Shut as shut:
            if shut.why != "unknown":
                raise
            # Only who is wrong is held up: guests of one branch share an address with whoever guesses there.
            address, now = audit.origin(request), timezone.now()
            if limits.reached(WRONG_LINK, address, MOST_WRONG_LINKS, now):
                raise Shut("many", 429) from None
            limits.count(WRONG_LINK, address, now)
            raise

    return _Visit(request).through(open_door)


class _Visit:
    """One request of one customer."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.now = request, timezone.now()
        self.language = ""

    def through(self, open_door: Any) -> HttpResponse:
        try:
            self.door: Door = open_door()
            response = self._inside()
        except Shut as shut:
            response = self._shown("shut", {"why": shut.why, "survey": shut.survey}, shut.status)
        except Empty:
            response = self._shown("shut", {"why": "closed"}, 410)
        # Django logs what was refused with its address; here the address is a customer's secret.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    def _inside(self) -> HttpResponse:
        invitation = self.door.invitation
        if self.request.method == "POST":
            return self._posted()
        if invitation and invitation.is_used:
            return self._used(submitting.of_invitation(invitation))
        resumed = carrying.taken_up(self.door.once(carrying.Carried(0, "", 0)), self.door.name)
        version = self.door.version(resumed[0].version if resumed else None)
        carried, key = resumed or (carrying.begin(version, self.door.name, self.now), "")
        self._choose_language(version.questionnaire)
        if full_quota(version, carried.answers):
            raise Shut("quota", 200, self.door.survey)
        return self._leaf(leafing.opened(version, carried, key), is_resumed=bool(resumed))

    def _posted(self) -> HttpResponse:
        fields = self.request.POST
        try:
            carried = carrying.opened(fields.get("state", ""), self.door.name)
        except carrying.Stale:
            return self._anew()
        version = self.door.version(carried.version)
        self._choose_language(version.questionnaire)
        if not self.door.is_trial and (first := submitting.first(self.door.once(carried))):
            return self._used(first)  # she went back; sooner than after the last page, for nothing of it would count
        leaf = leafing.opened(version, carried, fields.get("page", ""))
        turned = leafing.turned(leaf, fields.getlist, "stay" if "language" in fields else fields.get("go", "next"))
        if isinstance(turned, Finished):
            return self._handed_in(turned)
        if not turned.refused and full_quota(version, turned.carried.answers):
            raise Shut("quota", 200, self.door.survey)
        if self.door.keeps_drafts and not (self.door.invitation and self.door.invitation.is_used):
            carrying.put_by(self.door.once(carried), version, turned.carried, turned.page.key, self.now)
        return self._leaf(turned, status=422 if turned.refused else 200)

    def _anew(self) -> HttpResponse:
        """Her page is too old, or from elsewhere: the first one, with a word about it."""
        version = self.door.version()
        self._choose_language(version.questionnaire)
        leaf = leafing.opened(version, carrying.begin(version, self.door.name, self.now))
        return self._leaf(leaf, notice=_("这一页已经过期，请从头开始。"), status=409)

    def _handed_in(self, finished: Finished) -> HttpResponse:
        request = self.request
        if request.POST.get("website"):
            return self._leaf(finished.last, notice=_("请把“网址”一栏留空，它只用来识别程序。"), status=422)
        agent = request.headers.get("User-Agent", "")
        sender = Sender(audit.origin(request), agent, self.language, request.POST.get("proof", ""))
        try:
            if not hand_in(self.door, finished, sender, self.now):
                return self._used(submitting.first(self.door.once(finished.carried)))
        except QuotaFull:
            raise Shut("quota", 200, self.door.survey) from None
        except LinkUsed:
            return self._used(submitting.of_invitation(self.door.invitation) if self.door.invitation else None)
        except NotOpen:
            raise Shut("closed", 410, self.door.survey) from None
        except TooMany:
            notice = _("这个网络在一小时里交来的答案太多了。您填的都还在，请过一会儿再提交。")
            return self._leaf(finished.last, notice=notice, status=429)
        except OperationalError:  # the database was busy for longer than one waits; a script tries again by itself
            notice = _("系统正忙，还没有收到。您填的都还在，请再点一次“提交”。")
            return self._leaf(finished.last, notice=notice, status=503)
        sheet = Sheet(finished.version.questionnaire, finished.accepted.answers, self.language, finished.carried.key)
        told = {"thanks": sheet.words(sheet.questionnaire.thanks), "title": sheet.words(sheet.questionnaire.title)}
        return self._shown("thanks", told | {"is_trial": self.door.is_trial, "survey": self.door.survey})

    def _used(self, first: Response | None) -> HttpResponse:
        """What she sent first stands: when that was, and whether it can be put right. Nothing of what it says is told,
        nor whether this time says the same: who only has the link must not learn her answers by trying.
        """
        told = {"why": "used", "survey": self.door.survey, "invited": self.door.invitation is not None}
        if first is None and not self.door.survey.is_anonymous:
            told["why"] = "over"  # what was sent is there no longer
        return self._shown("shut", told | {"at": first.answered_at if first else None})

    def _leaf(self, leaf: Leaf, *, status: int = 200, **told: Any) -> HttpResponse:
        sheet = Sheet(leaf.questionnaire, leaf.typed, self.language, leaf.carried.key)
        context = {
            "survey": self.door.survey,
            "door": self.door,
            "leaf": leaf,
            "title": sheet.words(sheet.questionnaire.title),
            "welcome": sheet.words(sheet.questionnaire.welcome) if leaf.is_first else "",
            "heading": sheet.words(leaf.page.section.wording),
            "asked": sheet.asked(leaf.page, leaf.refused, leaf.first_number),
            "state": leaf.carried.sealed(),
            "languages": [(code, NAMES.get(code, code), self._query(code)) for code in sheet.questionnaire.languages],
            "challenge": proofs.challenge(self.door.survey.slug, self.now),
        }
        response = self._shown("answer", context | told, status)
        if status == 503:
            response["Retry-After"] = str(AGAIN_SECONDS)
        return response

    def _choose_language(self, questionnaire: Questionnaire) -> None:
        """The one she pressed, else the address's, else her browser's, else the one it was written in."""
        page = next((code for code, around in PAGES.items() if around == translation.get_language()), "")
        wanted = (self.request.POST.get("language", ""), self.request.GET.get("lang", ""), page)
        known = [code for code in wanted if code in questionnaire.languages]
        self.language = known[0] if known else questionnaire.languages[0]
        translation.activate(PAGES.get(self.language, "zh-hans"))  # until the end of the request: for_customers ends it

    def _query(self, language: str) -> str:
        query = self.request.GET.copy()
        query["lang"] = language
        return query.urlencode()

    def _shown(self, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        around = str(translation.get_language())
        frame = {
            "bank": bank_name(),
            "language": self.language or around,
            "query": self._query(self.language or around),
            "in_english": around == "en",
            "other_language": self._query("zh-hans" if around == "en" else "en"),  # where no questionnaire has a say
        }
        response = render(self.request, f"surveys/public/{name}.html", frame | context, status=status)
        response["Content-Language"] = around
        return response


urlpatterns = [
    path("s/i/<str:token>/", survey_invited, name="survey_invited"),
    path("s/<slug:slug>/", survey_public, name="survey_public"),
]
