"""A page is kept with its filter under a name: for oneself or one's unit; whoever opens it sees what she may see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse

from huixiang.apps.access import actions
from huixiang.apps.access.models import AuditRecord, SavedView, Staff, Unit
from huixiang.apps.access.saved import pages
from huixiang.lake.store import Lake
from tests import make
from tests.apps.test_tickets import came, parquet, ticket
from tests.make import Bank


def save(person: Staff, page: str, asked: str, **said: Any) -> Any:
    data = {"page": page, "asked": asked, "name": "我的"} | said
    return make.client(person).post(reverse("saved_view_new"), data, follow=False)


def test_a_view_is_saved_opened_shared_and_deleted(bank: Bank, quality: Staff, manager: Staff, stranger: Staff) -> None:
    own = quality.current_posts[0].unit
    back = save(quality, "waiting", "month=2026-03&limit=30&evil=1", name="北方久等", newest="on", unit=own.pk)
    assert back.url == reverse("waiting") + "?limit=30&month=2026-03", "one stays where one was"
    (view,) = SavedView.objects.all()
    assert view.chosen == {"limit": ["30"]}, "no month where the newest is wanted, and nothing unknown"
    assert view.address == reverse("waiting") + "?limit=30"
    assert "北方久等" in make.client(quality).get(reverse("saved_views")).content.decode()
    assert "北方久等" in make.client(manager).get(reverse("saved_views")).content.decode(), "her branch lies beneath"
    assert make.client(manager).post(reverse("saved_view_delete", args=[view.pk])).status_code == 404
    assert make.client(quality).post(reverse("saved_view_delete", args=[view.pk])).status_code == 302
    assert not SavedView.objects.exists()
    verbs = list(AuditRecord.objects.filter(on_kind="view").values_list("verb", flat=True))
    assert sorted(verbs) == ["view.delete", "view.save"]


def test_a_private_view_is_nobody_elses_and_one_of_a_branch_stays_there(
    bank: Bank, quality: Staff, manager: Staff, stranger: Staff
) -> None:
    save(manager, "waiting", "limit=10", name="自己的")
    save(manager, "waiting", "limit=10", name="本支行的", unit=manager.current_posts[0].unit.pk)
    seen = {person: set(SavedView.objects.visible_to(person).values_list("name", flat=True))
            for person in (manager, quality, stranger)}  # fmt: skip
    assert seen == {manager: {"自己的", "本支行的"}, quality: set(), stranger: set()}
    save(manager, "waiting", "", name="别人的", unit=Unit.objects.get(code="S1").pk)
    assert not SavedView.objects.filter(name="别人的").exists(), "one shares with one's own units alone"


@pytest.mark.one_database
def test_whoever_opens_it_meets_the_pages_own_door(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff, manager: Staff
) -> None:
    came(parquet(tmp_path / "a.parquet", [ticket(1, branch="S11")]))
    save(quality, "waiting", "unit=S11&month=2026-03", unit=quality.current_posts[0].unit.pk)
    (view,) = SavedView.objects.visible_to(manager)
    assert make.client(quality).get(view.address).status_code == 200
    assert make.client(manager).get(view.address).status_code == 404
    page = make.client(quality).get(reverse("waiting")).content.decode()
    assert view.address.replace("&", "&amp;") in page


def test_what_was_typed_freely_is_not_kept_and_there_is_an_end(
    bank: Bank, quality: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(quality, "voices", "q=13800138000&sentiment=negative&channel=hotline")
    (view,) = SavedView.objects.all()
    assert view.chosen == {"channel": ["hotline"], "sentiment": ["negative"]}
    again = make.client(quality).post(
        reverse("saved_view_new"), {"page": "voices", "asked": "", "name": "我的"}, follow=True
    )
    assert "您已有一个叫“我的”的视图" in again.content.decode()
    monkeypatch.setattr("huixiang.apps.access.actions.saved.MOST_VIEWS", 1)
    full = make.client(quality).post(
        reverse("saved_view_new"), {"page": "voices", "asked": "", "name": "第二个"}, follow=True
    )
    assert "每人最多保存 1 个视图" in full.content.decode()
    assert save(quality, "audit", "").status_code == 404


def test_each_page_that_can_be_kept_is_there_and_no_free_text_is(bank: Bank) -> None:
    assert set(pages()) == {"waiting", "waiting_fair", "hotline", "voices"}
    assert all(reverse(page) and "q" not in each.fields for page, each in pages().items())


def test_who_may_not_open_the_page_may_not_keep_it(bank: Bank, clerk: Staff) -> None:
    page = next(each for each in pages().values() if each.right not in clerk.rights)
    with pytest.raises(Http404):
        actions.save_view(clerk, page.page, {}, name="x")
    assert AuditRecord.objects.filter(verb="view.save", outcome="refused").exists()
