"""A saved view stands inside other pages of the bank: for named origins, for a time, in sums alone, until revoked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Post, SavedView, Staff
from huixiang.apps.subscriptions.models import Embed
from huixiang.lake.store import Lake
from tests import make
from tests.apps.test_tickets import came, parquet
from tests.apps.test_waiting_pages import busy
from tests.make import Bank

pytestmark = pytest.mark.one_database
PORTAL = "https://portal.bank.example"


@pytest.fixture
def view(tmp_path: Path, bank: Bank, lake: Lake, quality: Staff) -> SavedView:
    came(parquet(tmp_path / "a.parquet", [*busy("N11", 300), *busy("N12", 2_400), *busy("S11", 600)]))
    return SavedView.objects.create(owner=quality, name="久等", page="waiting", chosen={"limit": ["20"]})


def embed(person: Staff, view: SavedView, origins: str = PORTAL, days: int = 30) -> Any:
    data = {"view": view.pk, "origins": origins, "days": days}
    return make.client(person).post(reverse("embeds"), data)


def shown(token: str, **headers: str) -> Any:
    return Client().get(reverse("embedded", args=[token]), headers=headers)


def test_it_shows_sums_within_the_named_pages_and_nothing_that_leads_on(view: SavedView, quality: Staff) -> None:
    assert embed(quality, view).status_code == 302
    (row,) = Embed.objects.all()
    page = shown(row.token)
    told = page.content.decode()
    assert f"frame-ancestors {PORTAL}" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    assert page["Referrer-Policy"] == "no-referrer"
    assert "北方分行" in told
    assert "<a " not in told
    assert "<form" not in told
    for word in ("C3", "A001", "100123"):
        assert word not in told
    assert shown(row.token, **{"Sec-Fetch-Dest": "document"}).status_code == 404, "not as a page of its own"
    assert row.token in make.client(quality).get(reverse("embeds")).content.decode()


def test_forged_revoked_and_over_look_the_same(view: SavedView, quality: Staff) -> None:
    embed(quality, view)
    (row,) = Embed.objects.all()
    assert shown(row.token[:-3] + "abc").status_code == 404
    assert shown(f"{row.pk}.{row.nonce}").status_code == 404, "what the database holds is no token"
    Embed.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert shown(row.token).status_code == 404
    Embed.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert shown(row.token).status_code == 200
    make.client(quality).post(reverse("embed_revoke", args=[row.pk]))
    assert shown(row.token).status_code == 404
    verbs = set(AuditRecord.objects.filter(on_kind="view").values_list("verb", flat=True))
    assert verbs == {"view.embed_make", "view.embed_revoke"}


def test_it_shows_what_its_maker_may_see_and_only_while_she_may(view: SavedView, quality: Staff, bank: Bank) -> None:
    embed(quality, view)
    (row,) = Embed.objects.all()
    Post.objects.filter(staff=quality).update(to_on=timezone.localdate() - timedelta(days=1))
    assert shown(row.token).status_code == 404


def test_who_has_no_right_makes_none_and_no_page_of_anybody_is_allowed(
    view: SavedView, quality: Staff, manager: Staff
) -> None:
    assert embed(manager, view).status_code == 404
    for origins in ("*", "https://a.example/path", "javascript:alert(1)", "'self'"):
        assert embed(quality, view, origins).status_code == 422, origins
    assert embed(quality, view, days=9999).status_code == 422
    assert not Embed.objects.exists()
    embed(quality, view)
    assert make.client(manager).post(reverse("embed_revoke", args=[Embed.objects.get().pk])).status_code == 404
