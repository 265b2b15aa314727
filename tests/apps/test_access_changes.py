"""Changes of the tree and of posts: judged by how things stand when their turn comes, and attempts too far recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access import actions, audit
from huixiang.apps.access.models import AuditRecord, Post, Staff, Token, Unit
from tests import make
from tests.apps.api import token

pytestmark = pytest.mark.django_db
LONG_CODE = "层级很深的机构" + "x" * 23


@pytest.fixture
def regional(bank: make.Bank) -> Staff:
    return make.staff("5003", bank.north, "administrator", name="郑七")


def refusals(by: Staff) -> list[tuple[str, str, str]]:
    found = AuditRecord.objects.filter(actor=by.number, outcome="refused").order_by("seq")
    return list(found.values_list("verb", "on_kind", "on_id"))


def test_a_tree_forty_levels_deep_keeps_its_whole_paths(bank: make.Bank, administrator: Staff) -> None:
    unit = bank.north
    for level in range(40):
        unit = actions.create_unit(
            unit, administrator, code=f"{LONG_CODE}{level:02}", name=f"第{level}级", kind="outlet"
        )
    actions.move_unit(bank.north, bank.south, administrator)
    deepest = Unit.objects.get(pk=unit.pk)
    assert (deepest.depth, len(deepest.path)) == (42, len("/HQ/S/N/") + 40 * 33)
    assert deepest.path.endswith(f"/{unit.code}/")
    clerk = make.staff("1001", deepest, "branch_manager")
    assert make.client(clerk).get(reverse("unit", args=[unit.code])).status_code == 200


def test_two_moves_that_would_make_a_circle_do_not(bank: make.Bank, administrator: Staff) -> None:
    north, south = Unit.objects.get(code="N"), Unit.objects.get(code="S")  # as two administrators saw them
    actions.move_unit(bank.north, bank.south, administrator)
    with pytest.raises(ValidationError, match="自己的下级"):
        actions.move_unit(south, north, administrator)
    assert Unit.objects.get(code="S").path == "/HQ/S/"


def test_a_unit_made_below_one_that_just_moved_lies_where_that_is_now(bank: make.Bank, administrator: Staff) -> None:
    seen = Unit.objects.get(code="N1")
    actions.move_unit(bank.north_branch, bank.south, administrator)
    made = actions.create_unit(seen, administrator, code="N13", name="北山三路网点", kind="outlet")
    assert made.path == "/HQ/S/N1/N13/"


@pytest.mark.one_database
def test_nothing_new_hangs_below_or_works_in_what_is_closed(
    bank: make.Bank, administrator: Staff, clerk: Staff
) -> None:
    closed = make.unit("GONE", "branch", bank.north, closed_on=date(2025, 1, 1))
    with pytest.raises(ValidationError, match="已撤并"):
        actions.create_unit(closed, administrator, code="N13", name="新", kind="outlet")
    with pytest.raises(ValidationError, match="已撤并"):
        actions.move_unit(bank.north_outlet, closed, administrator)
    with pytest.raises(ValidationError, match="已撤并"):
        actions.give_post(clerk, closed, "staff", administrator, from_on=date(2026, 1, 1), to_on=None)


@pytest.mark.django_db(transaction=True)
def test_of_posts_that_overlap_given_at_once_one_is_kept(bank: make.Bank, administrator: Staff, clerk: Staff) -> None:
    together = Barrier(4)

    def give(number: int) -> None:
        by, person = Staff.objects.get(number="9003"), Staff.objects.get(number="1001")
        together.wait()
        try:
            actions.give_post(person, bank.north, "inspector", by, from_on=date(2026, 1, 1 + number), to_on=None)
        except ValidationError:
            pass
        finally:
            connection.close()

    threads = [Thread(target=give, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Post.objects.filter(role="inspector").count() == 1


def test_an_end_is_never_put_off(bank: make.Bank, administrator: Staff, clerk: Staff) -> None:
    post = clerk.posts.get()
    actions.end_post(post, date(2026, 6, 30), administrator)
    with pytest.raises(ValidationError, match="2026-06-30"):
        actions.end_post(post, date(2026, 12, 31), administrator)
    actions.end_post(post, date(2026, 3, 31), administrator)
    assert Post.objects.get(pk=post.pk).to_on == date(2026, 3, 31)


@pytest.mark.one_database
def test_a_region_cannot_take_over_who_comes_to_head_office_tomorrow(
    bank: make.Bank, regional: Staff, clerk: Staff
) -> None:
    assert actions.may_change_person(regional, clerk)
    make.post(clerk, bank.head_office, "administrator", timezone.localdate() + timedelta(days=1))
    assert not actions.may_change_person(regional, clerk)
    with pytest.raises(Http404):
        actions.issue_password(clerk, regional)
    assert refusals(regional) == [("password.issue", "staff", "1001")]


def _post(page: str, /, *args: object, **fields: str) -> Callable[[Any], object]:
    return lambda browser: browser.post(reverse(page, args=args), fields)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (_post("unit_change", "S1", name="x"), ("unit.change", "unit", "S1")),
        (_post("unit_new", "S1", code="X"), ("unit.create", "unit", "S1")),
        (_post("unit_move", "S1", to="N"), ("unit.move", "unit", "S1")),
        (_post("staff_password", "2001"), ("password.issue", "staff", "2001")),
        (_post("staff_change", "2001", name="x"), ("staff.change", "staff", "2001")),
        (_post("staff_new", number="7001", name="x"), ("staff.create", "unit", "")),
        (_post("organisation_import"), ("organisation.import", "unit", "")),
        (lambda browser: browser.get(reverse("staff", args=["2001"])), ("staff.read", "staff", "2001")),
    ],
)
def test_an_attempt_beyond_ones_reach_looks_like_nothing_and_is_recorded(
    regional: Staff, stranger: Staff, attempt: Callable[[Any], Any], told: tuple[str, str, str]
) -> None:
    assert attempt(make.client(regional)).status_code == 404
    assert refusals(regional) == [told]


@pytest.mark.one_database
def test_a_token_for_more_than_one_may_is_refused_on_the_record(quality: Staff) -> None:
    with pytest.raises(ValidationError):
        actions.create_token(quality, name="x", scopes=["audit.see"], expires_on=timezone.localdate())
    assert refusals(quality) == [("token.create", "token", "")]


@pytest.mark.one_database
def test_a_name_is_mended_and_the_record_does_not_tell_it(administrator: Staff, clerk: Staff) -> None:
    browser = make.client(administrator)
    page = browser.get(reverse("staff_change", args=["1001"])).content.decode()
    assert "林一" in page
    assert 'name="number"' not in page
    new = {"name": "林一一", "email": "lin@bank.example"}
    assert browser.post(reverse("staff_change", args=["1001"]), new).status_code == 302
    clerk.refresh_from_db()
    assert (clerk.name, clerk.email) == ("林一一", "lin@bank.example")
    record = AuditRecord.objects.get(verb="staff.change")
    assert record.detail == {"fields": ["email", "name"]}


@pytest.mark.one_database
def test_an_administrator_takes_back_the_token_of_another(administrator: Staff, manager: Staff) -> None:
    plain, browser = token(manager), make.client(administrator)
    shown = browser.get(reverse("staff", args=["1002"])).content.decode()
    assert reverse("staff_token_revoke", args=["1002", Token.objects.get().pk]) in shown
    browser.post(reverse("staff_token_revoke", args=["1002", Token.objects.get().pk]))
    assert Token.authenticate(plain) is None
    assert AuditRecord.objects.get(verb="token.revoke").detail == {"of": "1002"}


@pytest.mark.one_database
def test_a_search_that_shows_people_is_one_record_without_its_words(manager: Staff, clerk: Staff) -> None:
    browser = make.client(manager)
    browser.get(reverse("organisation"), {"q": "没有这个人"})
    assert not AuditRecord.objects.filter(verb="staff.read").exists()
    browser.get(reverse("organisation"), {"q": "林一"})
    record = AuditRecord.objects.get(verb="staff.read")
    assert (record.on_kind, record.detail) == ("organisation", {"count": 1})
    assert audit.verify().whole
