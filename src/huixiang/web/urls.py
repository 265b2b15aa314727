"""Which addresses are there? Each carries a right (`@requires`) or stands in PUBLIC; a test holds it so."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from huixiang.web.api import api
from huixiang.web.api_page import api_docs
from huixiang.web.home import home
from huixiang.web.trouble import server_error

# Open without log-in: what one needs to log in, what a load balancer asks, and what the API looks like.
# By address, not by name: a name may be given twice.
PUBLIC = {
    "login/",
    "locked/",  # whoever is locked out reads it: it says only how many attempts and how long
    "logout/",
    "language/",
    "healthy/",
    "api/v1/",
    "api/v1/docs",
    "api/v1/openapi.json",
    "api/v1/<path:elsewhere>",
    "b/<slug:slug>/",  # customers write here: they have no log-in. Rate limits, and nothing is shown but the form
    "s/<slug:slug>/",  # customers answer a survey here: as at a post box
    "s/i/<str:token>/",  # by a link of their own, of 128 random bits; wrong ones are counted
    "s/a/<str:code>/",  # a colleague's code that customers scan; signed, and each address makes few links an hour
    "s/i/<str:token>/stop/",  # by a link of their own customers say that they do not want to be asked again
    "e/<str:token>/",  # a view inside another page of the bank, by a signed token; sums alone
    "subscriptions/stop/<str:key>/",  # by a link in their mail colleagues end a subscription; 192 random bits
    "t/",  # customers read their answer here, by a code of 14 random digits; wrong ones are counted
    "did/<slug:slug>/",  # customers read what was done about what they said: words that staff published for them
    "w/<slug:slug>.js",  # the bank's own website loads it; it holds the address of the form and nothing else
}
# Any log-in will do: a person's own account.
OWN = {"", "password/", "password/done/"}

urlpatterns = [
    path("", home, name="home"),
    path("api/v1/docs", api_docs, name="api-docs"),
    path("api/v1/", api.urls),
    path("language/", set_language, name="set_language"),
    path("", include("huixiang.apps.access.urls")),
    path("", include("huixiang.apps.feedback.urls")),
    path("", include("huixiang.apps.visits.urls")),
    path("", include("huixiang.apps.intake.urls")),
    path("", include("huixiang.apps.ideas.urls")),
    path("", include("huixiang.apps.slips.urls")),
    path("", include("huixiang.apps.sources.urls")),
    path("", include("huixiang.apps.subscriptions.urls")),
    path("", include("huixiang.apps.reputation.urls")),
    path("", include("huixiang.apps.surveys.urls")),
    path("", include("huixiang.apps.needs.urls")),
    path("", include("huixiang.apps.annotation.urls")),
    path("", include("huixiang.apps.focus.urls")),
    path("", include("huixiang.apps.standards.urls")),
    path("", include("huixiang.apps.inspections.urls")),
    path("", include("huixiang.apps.complaints.urls")),
]

handler500 = server_error
