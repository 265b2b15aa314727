"""Everybody sees what his post opens and no more; what is forbidden looks as if it were not there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access import actions, audit, jobs
from huixiang.apps.access.models import AuditRecord, Job, Post, Staff, Unit
from tests import make
from tests.loop import worker

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PAGES = ["organisation", "staff_new", "organisation_import", "jobs", "audit", "tokens"]


@pytest.mark.parametrize(
    ("who", "opens"),
    [
        ("clerk", set()),
        ("manager", {"organisation", "tokens"}),
        ("auditor", {"organisation", "jobs", "audit", "tokens"}),
        ("quality", {"organisation", "jobs", "tokens"}),
        ("administrator", {"organisation", "staff_new", "organisation_import", "jobs", "tokens"}),
    ],
)
def test_each_of_the_cast_opens_her_own_pages(who: str, opens: set[str], request: pytest.FixtureRequest) -> None:
    browser = make.client(request.getfixturevalue(who))
    assert {page for page in PAGES if browser.get(reverse(page)).status_code == 200} == opens


def test_the_menu_groups_what_is_open_and_names_no_empty_group(clerk: Staff, quality: Staff) -> None:
    def groups(who: Staff) -> dict[str, list[str]]:
        page = make.client(who).get(reverse("ideas"))
        return {group["key"]: [entry["url"] for entry in group["entries"]] for group in page.context["menu"]}

    assert list(groups(quality)) == ["start", "listen", "understand", "measure", "decide", "manage"]
    assert "ideas" in groups(clerk)["listen"]
    assert groups(clerk)["manage"] == ["retention"], "everybody may read how long things are kept"
    assert all(groups(clerk).values())


def test_forbidden_and_missing_look_the_same_and_the_attempt_is_recorded(clerk: Staff) -> None:
    browser = make.client(clerk)
    forbidden, missing = browser.get(reverse("audit")), browser.get("/no-such-page/")
    assert (forbidden.status_code, missing.status_code) == (404, 404)
    refusal = AuditRecord.objects.get(outcome="refused")
    assert (refusal.actor, refusal.verb, refusal.on_id) == ("1001", "audit.see", "/audit/")


def test_who_is_not_logged_in_is_sent_to_log_in(bank: make.Bank) -> None:
    assert make.client().get(reverse("organisation")).url.startswith(reverse("login"))  # type: ignore[attr-defined]


def test_the_branch_manager_sees_her_branch_only(manager: Staff, stranger: Staff, clerk: Staff) -> None:
    browser = make.client(manager)
    page = browser.get(reverse("organisation")).content.decode()
    assert "北山支行" in page
    assert "南湖" not in page
    assert browser.get(reverse("unit", args=["N11"])).status_code == 200
    assert browser.get(reverse("unit", args=["S11"])).status_code == 404
    assert browser.get(reverse("staff", args=["1001"])).status_code == 200
    assert browser.get(reverse("staff", args=["2001"])).status_code == 404
    assert "赵三" not in browser.get(reverse("organisation"), {"q": "赵三"}).content.decode().split("<main")[1].replace(
        'value="赵三"', ""
    )


def test_each_look_at_a_person_is_recorded(manager: Staff, clerk: Staff) -> None:
    make.client(manager).get(reverse("staff", args=["1001"]), REMOTE_ADDR="10.9.9.9")
    read = AuditRecord.objects.get(verb="staff.read")
    assert (read.actor, read.on_id, read.source) == ("1002", "1001", "10.9.9.9")


def test_a_post_opens_doors_from_its_first_day_to_its_last(bank: make.Bank) -> None:
    today = timezone.localdate()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    person = make.staff("5001")
    make.post(person, bank.north, "auditor", yesterday, today)
    make.post(person, bank.south, "auditor", tomorrow)
    make.post(person, bank.head_office, "auditor", date(2020, 1, 1), yesterday)
    assert person.scope("audit.see") == {"N", "N1", "N11", "N12"}
    assert person.rights == {
        "audit.see",
        "idea.file",
        "import.see",
        "inspection.see",
        "retention.see",
        "service.own",
        "source.see",
        "job.see",
        "organisation.see",
        "token.own",
    }


def test_whole_bank_is_none_and_no_right_is_nothing(quality: Staff, clerk: Staff) -> None:
    assert quality.scope("voice.see") is None
    assert clerk.scope("voice.see") == frozenset()
    assert clerk.scope("overview.see") == {"N11"}


def test_the_reach_holds_when_the_unit_moves(bank: make.Bank, manager: Staff, administrator: Staff) -> None:
    actions.move_unit(bank.north_branch, bank.south, administrator)
    assert Unit.objects.get(code="N11").path == "/HQ/S/N1/N11/"
    assert Staff.objects.get(number="1002").scope("voice.see") == {"N1", "N11", "N12"}
    south = make.staff("5002", bank.south, "branch_manager")
    assert south.scope("voice.see") == {"S", "S1", "S11", "N1", "N11", "N12"}


def test_a_unit_cannot_hang_below_itself(bank: make.Bank, administrator: Staff) -> None:
    for to in (bank.north, bank.north_outlet):
        with pytest.raises(ValidationError):
            actions.move_unit(bank.north, to, administrator)


def test_nobody_gives_himself_a_role_and_the_attempt_stays(bank: make.Bank, administrator: Staff) -> None:
    with pytest.raises(ValidationError, match="本人"):
        actions.give_post(
            administrator, bank.head_office, "auditor", administrator, from_on=date(2026, 1, 1), to_on=None
        )
    with pytest.raises(ValidationError, match="本人"):
        actions.end_post(administrator.posts.get(), date(2027, 1, 1), administrator)
    assert set(AuditRecord.objects.filter(outcome="refused").values_list("verb", flat=True)) == {
        "post.give",
        "post.end",
    }
    assert administrator.posts.count() == 1


def test_only_the_head_office_gives_roles(bank: make.Bank, clerk: Staff) -> None:
    regional = make.staff("5003", bank.north, "administrator")
    with pytest.raises(Http404):
        actions.give_post(clerk, bank.north_outlet, "branch_manager", regional, from_on=date(2026, 1, 1), to_on=None)
    assert actions.may_change_person(regional, clerk), "but may issue a password"


def test_a_region_cannot_take_over_an_account_of_head_office(bank: make.Bank, administrator: Staff) -> None:
    regional = make.staff("5003", bank.north, "administrator")
    make.post(administrator, bank.north_outlet, "staff")
    with pytest.raises(Http404):
        actions.issue_password(Staff.objects.get(pk=administrator.pk), regional)


def test_an_administrator_makes_a_person_with_post_and_password_by_hand(bank: make.Bank, administrator: Staff) -> None:
    browser = make.client(administrator)
    browser.post(reverse("staff_new"), {"number": "7001", "name": "新来的", "email": ""})
    post = {"unit": "N11", "role": "staff", "from_on": "2026-01-01", "to_on": ""}
    assert browser.post(reverse("post_new", args=["7001"]), post).status_code == 302
    assert "时间内已有" in browser.post(reverse("post_new", args=["7001"]), post).content.decode()
    shown = browser.post(reverse("staff_password", args=["7001"])).content.decode()
    plain = shown.split("<code>")[1].split("</code>")[0]
    assert Staff.objects.get(number="7001").check_password(plain)
    made = Post.objects.get(staff__number="7001")
    browser.post(reverse("post_end", args=[made.pk]), {"on": "2026-06-30"})
    made.refresh_from_db()
    assert made.to_on == date(2026, 6, 30)
    assert plain not in str(list(AuditRecord.objects.values()))
    assert audit.verify().whole


def test_a_unit_is_made_changed_and_closed_by_hand(bank: make.Bank, administrator: Staff) -> None:
    browser = make.client(administrator)
    new = {"code": "N13", "name": "北山三路网点", "kind": "outlet", "time_zone": "Asia/Shanghai"}
    assert browser.post(reverse("unit_new", args=["N1"]), new).status_code == 302
    assert Unit.objects.get(code="N13").path == "/HQ/N/N1/N13/"
    assert "已存在" in browser.post(reverse("unit_new", args=["N1"]), new | {"code": "n13"}).content.decode()
    assert "字母" in browser.post(reverse("unit_new", args=["N1"]), new | {"code": "N/14"}).content.decode()
    closed = {"name": "北山三路网点", "kind": "outlet", "time_zone": "Asia/Shanghai", "closed_on": "2026-10-01"}
    assert browser.post(reverse("unit_change", args=["N13"]), closed).status_code == 302
    page = browser.get(reverse("unit", args=["N1"])).content.decode()
    assert "2026-10-01 撤并" in page
    refused = browser.post(reverse("unit_change", args=["N1"]), closed)
    assert "下级" in refused.content.decode()
    assert browser.post(reverse("unit_move", args=["N12"]), {"to": "S1"}).status_code == 302
    assert Unit.objects.get(code="N12").path == "/HQ/S/S1/N12/"


def test_jobs_are_seen_by_their_owner_and_the_whole_bank_and_cancelled_by_those_who_may(
    bank: make.Bank, quality: Staff, auditor: Staff
) -> None:
    worker.register()
    analyst = make.staff("6001", bank.north, "analyst")
    job = jobs.start("fail", "别人的任务", quality)
    assert "别人的任务" not in make.client(analyst).get(reverse("jobs")).content.decode()
    page = make.client(auditor).get(reverse("jobs"))
    assert "别人的任务" in page.content.decode()
    assert 'hx-trigger="every 2s"' in page.content.decode()
    assert make.client(auditor).post(reverse("job_cancel", args=[job.pk])).status_code == 404
    make.client(quality).post(reverse("job_cancel", args=[job.pk]))
    assert Job.objects.get().state == "cancelled"
    part = make.client(quality).get(reverse("jobs"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "every 2s" not in part


def test_the_auditor_filters_pages_verifies_and_exports(auditor: Staff, clerk: Staff) -> None:
    for number in range(70):
        audit.record("voice.read", by=clerk, on_kind="voice", on_id=number, note="=1+1")
    browser = make.client(auditor)
    first = browser.get(reverse("audit"), {"actor": "1001"})
    assert len(first.context["records"]) == 50
    assert len(browser.get(f"{reverse('audit')}?{first.context['next']}").context["records"]) == 20
    assert len(browser.get(reverse("audit"), {"on_id": "7", "verb": "voice.read"}).context["records"]) == 1
    assert not browser.get(reverse("audit"), {"since": "2099-01-01"}).context["records"]
    assert "完整" in browser.post(reverse("audit_verify")).content.decode()
    text = b"".join(browser.get(reverse("audit_export"), {"actor": "1001"})).decode()  # type: ignore[arg-type]
    assert text.startswith("\ufeffseq,at,")
    assert len(text.splitlines()) == 71
    AuditRecord.objects.filter(seq=5).update(actor="x")
    assert "第 5 条" in browser.post(reverse("audit_verify")).content.decode()


@pytest.mark.parametrize("query", ["\x00", "%", "' OR 1=1 --", "🙂" * 100])
def test_odd_searches_are_answered_calmly(administrator: Staff, query: Any) -> None:
    browser = make.client(administrator)
    assert browser.get(reverse("organisation"), {"q": query}).status_code == 200
    assert browser.get(reverse("audit"), {"actor": query}).status_code == 404
    auditor = make.staff("9009", Unit.objects.get(code="HQ"), "auditor")
    assert make.client(auditor).get(reverse("audit"), {"actor": query, "before": "9" * 30}).status_code == 200
