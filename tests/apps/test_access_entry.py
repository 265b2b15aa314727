"""Getting in: with the right password, not after five wrong ones, and with a one-time password only to change it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access import actions, lockout
from huixiang.apps.access.models import AuditRecord, Staff, Token
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PASSWORD = "城东的雨-下了整整三天"


def log_in(browser: Client, number: str, password: str) -> Any:
    return browser.post(reverse("login"), {"username": number, "password": password}, REMOTE_ADDR="10.1.2.3")


@pytest.fixture
def handler(bank: make.Bank) -> Staff:
    return make.staff("3001", bank.north, "complaint_handler", password=PASSWORD)


def test_a_log_in_and_a_log_out_are_recorded_with_the_address(handler: Staff) -> None:
    browser = Client()
    assert log_in(browser, "3001", PASSWORD).status_code == 302
    assert browser.get(reverse("organisation")).status_code == 200
    browser.post(reverse("logout"), REMOTE_ADDR="10.1.2.3")
    assert browser.get(reverse("organisation")).status_code == 302
    told = AuditRecord.objects.filter(verb__in=["login", "logout"]).order_by("seq")
    assert [(record.verb, record.actor, record.source) for record in told] == [
        ("login", "3001", "10.1.2.3"),
        ("logout", "3001", "10.1.2.3"),
    ]


def test_five_wrong_passwords_lock_the_door_for_a_quarter_of_an_hour(handler: Staff) -> None:
    browser = Client()
    for _ in range(5):
        answer = log_in(browser, "3001", "wrong")
    assert answer.status_code == 429
    assert "15 分钟" in answer.content.decode()
    assert log_in(browser, "3001", PASSWORD).status_code == 429, "even the right one, until then"
    outcomes = AuditRecord.objects.filter(verb="login").values_list("outcome", flat=True)
    assert {"failed", "refused"} == set(outcomes)


def test_the_page_of_the_locked_door_changes_its_language_and_stays(handler: Staff) -> None:
    browser = make.client()
    for _attempt in range(5):
        page = log_in(browser, "3001", "wrong")
    locked = reverse("locked")
    assert f'name="next" value="{locked}"' in page.content.decode()
    page = browser.post(reverse("set_language"), {"language": "en", "next": locked}, follow=True)
    assert "15 minutes" in page.content.decode()


def test_an_administrator_opens_the_door_again(handler: Staff, administrator: Staff) -> None:
    browser = Client()
    for _ in range(5):
        log_in(browser, "3001", "wrong")
    one_time = actions.issue_password(handler, administrator)
    assert log_in(browser, "3001", one_time).status_code == 302


def test_a_password_typed_into_the_wrong_field_is_not_kept() -> None:
    log_in(Client(), PASSWORD, "x")
    assert PASSWORD not in str(list(AuditRecord.objects.values()))


def kept_of_log_ins() -> str:
    return str([*AuditRecord.objects.values(), *AccessAttempt.objects.values(), *AccessLog.objects.values()])


def test_what_is_typed_as_a_number_nobody_has_is_kept_nowhere(
    bank: make.Bank, handler: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    for typed in (PASSWORD, "3001x", "\x00"):
        log_in(Client(), typed, "x")
    log_in(Client(), "3001", "x")
    told = kept_of_log_ins() + caplog.text
    assert PASSWORD not in told
    assert "3001x" not in told
    assert AccessAttempt.objects.filter(username="3001").count() == 1
    for _ in range(5):
        answer = log_in(Client(), PASSWORD, "x")
    assert answer.status_code == 429, "a number that nobody has locks all the same"


def test_many_addresses_or_many_numbers_lock_the_door_too(handler: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockout, "MOST_OF_A_NUMBER", 8)
    monkeypatch.setattr(lockout, "MOST_OF_AN_ADDRESS", 12)

    def tried(number: str, address: str) -> int:
        sent = {"username": number, "password": "wrong"}
        return int(Client().post(reverse("login"), sent, REMOTE_ADDR=address).status_code)

    assert [tried("3001", f"10.0.0.{place}") for place in range(8)] == [200] * 7 + [429]
    assert tried("3001", "10.0.1.1") == 429, "from a new address too"
    assert [tried(f"N{place}", "10.9.9.9") for place in range(12)] == [200] * 11 + [429]
    assert tried("N99", "10.9.9.9") == 429
    assert tried("N99", "10.9.9.8") == 200


def test_a_one_time_password_opens_nothing_after_three_days(handler: Staff, administrator: Staff) -> None:
    one_time = actions.issue_password(handler, administrator)
    inside = Client()
    log_in(inside, "3001", one_time)
    Staff.objects.update(password_expires_at=timezone.now())
    outside = log_in(Client(), "3001", one_time)
    assert (outside.status_code, "已过期" in outside.content.decode()) == (200, True)
    assert AuditRecord.objects.filter(verb="login", outcome="refused", on_id="3001").count() == 1
    new = {"old_password": one_time, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert "已过期" in inside.post(reverse("password_change"), new).content.decode()


def test_the_new_password_is_a_new_one(handler: Staff, administrator: Staff) -> None:
    browser = Client()
    one_time = actions.issue_password(handler, administrator)
    log_in(browser, "3001", one_time)
    same = {"old_password": one_time, "new_password1": one_time, "new_password2": one_time}
    assert "不能与现在的密码相同" in browser.post(reverse("password_change"), same).content.decode()
    handler.refresh_from_db()
    assert handler.must_change_password


def test_a_one_time_password_opens_only_the_page_to_change_it(handler: Staff, administrator: Staff) -> None:
    browser = Client()
    one_time = actions.issue_password(handler, administrator)
    log_in(browser, "3001", one_time)
    for name in ("organisation", "tokens"):
        assert browser.get(reverse(name)).url == reverse("password_change")  # type: ignore[attr-defined]
    new = {"old_password": one_time, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert browser.post(reverse("password_change"), new).status_code == 302
    assert browser.get(reverse("organisation")).status_code == 200, "this session goes on"


@pytest.mark.parametrize("weak", ["short", "1234567890123", "password1234"])
def test_weak_passwords_are_refused(handler: Staff, weak: str) -> None:
    browser = make.client(handler)
    new = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    assert browser.post(reverse("password_change"), new).status_code == 200
    handler.refresh_from_db()
    assert handler.check_password(PASSWORD)


def test_a_new_password_ends_all_other_sessions(handler: Staff) -> None:
    here, there = make.client(handler), make.client(handler)
    new = PASSWORD + "。"
    here.post(reverse("password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert here.get(reverse("organisation")).status_code == 200
    assert there.get(reverse("organisation")).status_code == 302


def test_who_has_left_is_out_at_once(handler: Staff, administrator: Staff) -> None:
    browser = make.client(handler)
    _token, plain = a_token(handler)
    actions.deactivate_staff(handler, administrator)
    assert browser.get(reverse("organisation")).status_code == 302
    assert Token.authenticate(plain) is None
    assert log_in(Client(), "3001", PASSWORD).status_code == 200


def test_healthy_answers_without_log_in() -> None:
    assert Client().get(reverse("healthy")).json() == {"database": "ok"}


def a_token(owner: Staff, **fields: Any) -> tuple[Token, str]:
    wanted = {"name": "取数", "scopes": ["voice.see"], "expires_on": timezone.localdate() + timedelta(days=30)}
    return actions.create_token(owner, **(wanted | fields))  # type: ignore[arg-type]


def test_a_token_is_shown_once_and_kept_as_a_hash(quality: Staff) -> None:
    browser = make.client(quality)
    until = timezone.localdate() + timedelta(days=90)
    shown = browser.post(reverse("tokens"), {"name": "数据仓库", "scopes": ["voice.see"], "expires_on": until})
    plain = shown.content.decode().split("hx_")[1].split("<")[0]
    token = Token.authenticate("hx_" + plain)
    assert token
    assert (token.staff, token.rights) == (quality, {"voice.see"})
    assert plain not in browser.get(reverse("tokens")).content.decode()
    assert plain not in str(list(Token.objects.values()) + list(AuditRecord.objects.values()))
    browser.post(reverse("token_revoke", args=[token.pk]))
    assert Token.authenticate("hx_" + plain) is None


def test_a_token_never_opens_more_than_its_owner_may(quality: Staff) -> None:
    _token, plain = a_token(quality, scopes=["voice.see", "import.run"])
    quality.posts.update(role="inspector")
    token = Token.authenticate(plain)
    assert token
    assert token.rights == {"voice.see"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": ["audit.see"]},
        {"scopes": []},
        {"expires_on": timezone.localdate() + timedelta(days=366)},
        {"expires_on": date(2020, 1, 1)},
    ],
)
def test_a_token_with_too_much_is_refused(quality: Staff, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_token(quality, **wrong)


def test_an_expired_token_opens_nothing(quality: Staff) -> None:
    token, plain = a_token(quality)
    Token.objects.filter(pk=token.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert Token.authenticate(plain) is None


def test_a_token_of_another_is_not_there(quality: Staff, manager: Staff) -> None:
    token, plain = a_token(quality)
    assert make.client(manager).post(reverse("token_revoke", args=[token.pk])).status_code == 404
    assert Token.authenticate(plain)
