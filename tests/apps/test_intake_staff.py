"""What do a manager, the bank's own website and the demonstration do with post boxes?"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback.models import Attachment
from huixiang.apps.intake import taking
from huixiang.apps.intake.models import PostBox, Submission
from huixiang.channels.contract import Fault
from huixiang.lake.store import Lake
from huixiang.web.demo import boxes
from tests import make
from tests.apps.api import ROOT, caller
from tests.apps.arrivals import spoken
from tests.apps.intake import SAID, Customer, box
from tests.channels.test_pictures import photo
from tests.make import Bank


@pytest.fixture
def north_box(bank: Bank) -> PostBox:
    return box(bank.north_outlet)


@pytest.mark.one_database
def test_terms_that_make_no_sense_are_refused_in_words(bank: Bank, manager: Staff) -> None:
    with pytest.raises(Fault, match="不是网站来源"):
        box(bank.north_outlet, origins="https://www.bank.example/path")
    fields = {"unit": bank.north_outlet.pk, "kind": "website", "name": "官网", "retention_days": 90}
    made = make.client(manager).post(reverse("box_new"), fields | {"origins": "https://www.bank.example\n"})
    assert made.status_code == 302
    beyond = make.client(manager).post(reverse("box_new"), fields | {"unit": bank.south_outlet.pk})
    assert beyond.status_code == 422
    opened = PostBox.objects.get()
    page = make.client(manager).get(f"/b/{opened.slug}/")
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    inside = make.client(manager).get(f"/b/{opened.slug}/?embed=1")
    assert "frame-ancestors https://www.bank.example" in inside["Content-Security-Policy"]
    assert "X-Frame-Options" not in inside
    script = make.client().get(f"/w/{opened.slug}.js")
    assert f"http://testserver/b/{opened.slug}/" in script.content.decode()
    assert script["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.one_database
def test_a_form_of_the_banks_own_hands_in_by_script_from_listed_origins_alone(bank: Bank) -> None:
    """As a browser does it: what it may ask first, what the form must show, one message sent twice, faults by field."""
    ours, theirs = "https://www.bank.example", "https://www.thief.example"
    there = f"/b/{box(bank.north_outlet, origins=ours).slug}/"
    client = make.client()

    def asked(origin: str) -> dict[str, Any]:
        return {"headers": {"origin": origin, "accept": "application/json"}}

    for origin, leave in ((ours, ours), (theirs, None), ("null", None)):
        assert client.options(there, **asked(origin)).get("Access-Control-Allow-Origin") == leave
        told = client.get(there, **asked(origin))
        assert (told.get("Access-Control-Allow-Origin"), told["Vary"].count("Origin")) == (leave, 1)
        assert "Access-Control-Allow-Credentials" not in told
        assert not told.cookies
    form = told.json()
    assert form["terms"] in form["notice"]
    said = {"key": form["key"], "text": "网上转账总是失败"}
    first, again = (client.post(there, said, **asked(ours)) for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    refused = client.post(there, said | {"text": "", "contact": "13812345678"}, **asked(ours))
    assert (refused.status_code, sorted(refused.json()["errors"])) == (422, ["contact", "text"])
    assert client.get(there)["Content-Type"].startswith("text/html"), "a person sees the page"


@pytest.mark.one_database
def test_under_the_customers_name_there_is_nothing_for_staff(north_box: PostBox, settings: Any) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_ONLY = "https://voice.bank.example", True
    settings.ALLOWED_HOSTS = ["voice.bank.example", "testserver"]
    customers, staff = make.client(), make.client()
    open_ = (f"/b/{north_box.slug}/", f"/did/{north_box.slug}/", "/t/")
    for place, status in (*((each, 200) for each in open_), ("/login/", 404), ("/api/v1/boxes", 404)):
        assert customers.get(place, headers={"host": "voice.bank.example"}).status_code == status
    assert staff.get("/login/").status_code == 200


@pytest.mark.one_database
def test_the_poster_is_one_page_that_says_where_and_what_is_promised(north_box: PostBox, manager: Staff) -> None:
    poster = make.client(manager).get(reverse("box_poster", args=[north_box.pk]))
    assert poster["Content-Type"] == "application/pdf"
    assert poster.content.startswith(b"%PDF-")
    assert poster.content.count(b"/Type /Page\n") + poster.content.count(b"/Type/Page") <= 2
    assert AuditRecord.objects.get(verb="box.poster").on_id == north_box.slug
    abroad = make.client(manager)
    abroad.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert abroad.get(reverse("box_poster", args=[north_box.pk])).content == poster.content, "customers read Chinese"


def test_who_waits_longest_stays_in_the_list(bank: Bank, north_box: PostBox, manager: Staff) -> None:
    site = box(bank.north_outlet, kind="website")
    Customer(site).sends()
    Submission.objects.update(received_at=timezone.now() - timedelta(days=90))
    listed = list(make.client(manager).get(reverse("boxes")).context["page"])
    assert [(each.pk, each.received, each.unanswered) for each in listed] == [(site.pk, 0, 1), (north_box.pk, 0, 0)]


def test_the_banks_own_website_hands_in_by_token_and_a_handler_answers_by_it(
    bank: Bank, lake: Lake, quality: Staff, stranger: Staff
) -> None:
    site = box(bank.head_office, "website")
    there, sends = f"/intake/{site.slug}/messages", caller(quality)

    def hand_in(key: str, **fields: Any) -> Any:
        files = {"photos": SimpleUploadedFile("a.png", photo("PNG"))}
        headers = sends.headers | {"Idempotency-Key": key}
        return sends.client.post(f"{ROOT}{there}", {"text": SAID} | fields | files, headers=headers)

    first = hand_in(key := "7f3a0c52-visit-1", rating="4")
    assert first.status_code == 201, first.content
    again = hand_in(key, rating="4")
    assert again.json() == first.json()
    assert hand_in("7f3a0c52-visit-2", contact="13812345678").status_code == 422
    assert hand_in("short", rating="4").status_code == 422, "a key that others may have"
    assert Submission.objects.count() == Attachment.objects.count() == 1
    taking.take_in()
    (voice,) = spoken(lake)
    assert (voice.channel, voice.branch) == ("website", "HQ")
    answered = sends.post(f"/voices/{voice.id}/answers", {"text": "谢谢，已转相关部门。"})
    assert answered.json()["state"] == "answered"
    assert sends.post(f"/voices/{voice.id}/contact").json() == {"contact": "", "tracking_code": ""}
    (listed,) = sends.get(f"/voices/{voice.id}/attachments").json()
    content = sends.get(f"/voices/{voice.id}/attachments/{listed['id']}")
    assert content.content.startswith(b"\xff\xd8")
    assert sends.get("/boxes").json()["items"][0]["slug"] == site.slug
    told = Customer(site).looks_up(first.json()["tracking_code"]).content.decode()
    assert "已转相关部门" in told
    reaching = make.staff("7005", bank.north, "administrator")
    beyond = caller(reaching)
    refused = beyond.client.post(f"{ROOT}{there}", {"text": SAID}, headers=beyond.headers)
    assert refused.status_code == 404


@pytest.mark.one_database
def test_the_demonstrations_boxes_show_something(bank: Bank, lake: Lake, capsys: Any) -> None:
    make.staff("10001", bank.head_office, "quality_manager")
    boxes.open_everywhere()
    boxes.open_everywhere()
    assert PostBox.objects.count() == 4, "one at every outlet and one for the website"
    assert len(spoken(lake)) == 3
    assert Attachment.objects.count() == 1
    told = re.search(r"[0-9]{5} [0-9]{5} [0-9]{5}", capsys.readouterr().out)
    assert told
    assert "增开两个窗口" in make.client().post("/t/", {"code": told[0]}).content.decode()
