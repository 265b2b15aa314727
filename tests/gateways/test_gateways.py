"""Does a message leave once, to the right place, and is what became of it told without naming anybody?"""

from __future__ import annotations

import email
import smtplib
from email import policy
from typing import Any

import pytest

from huixiang.channels.contract import Fault
from huixiang.gateways.contract import Fate, Message, Outcome
from huixiang.gateways.named import MAIL, SMS, gateway
from tests.gateways.servers import SECRET, mail_server, sms_platform

FROM = "海川银行 <survey@bank.example>"


def message(to: str, number: int = 1) -> Message:
    return Message(f"m{number}", to, "您昨天来过北门支行，想听听您的感受：https://bank.example/s/i/abc", "听听您的感受")


def test_mails_leave_by_the_banks_own_server_and_each_has_its_fate() -> None:
    with mail_server() as (postman, url):
        server = gateway(MAIL, {"HUIXIANG_MAIL_URL": url, "HUIXIANG_MAIL_FROM": FROM})
        assert server is not None
        people = ["li@example.com", "nobody@example.com", "busy@example.com", "no address", "wang@example.com"]
        told = list(server.send([message(to, number) for number, to in enumerate(people)]))
        assert [(one.fate, one.why) for one in told] == [
            (Fate.SENT, ""),
            (Fate.REFUSED, "SMTP 550"),
            (Fate.LATER, "SMTP 451"),
            (Fate.REFUSED, "address"),
            (Fate.SENT, ""),
        ]
        assert [to for to, _ in postman.taken] == ["li@example.com", "wang@example.com"]
        mail = email.message_from_bytes(postman.taken[0][1], policy=policy.default)
        assert (mail["Subject"], mail["From"], mail["Message-ID"]) == ("听听您的感受", FROM, "<m0@bank.example>")
        assert "北门支行" in mail.get_content()


def test_a_mail_server_that_is_away_or_lets_nobody_in_loses_nothing() -> None:
    with mail_server() as (_, url):
        wrong = gateway(MAIL, {"HUIXIANG_MAIL_URL": url.replace("password", "guess"), "HUIXIANG_MAIL_FROM": FROM})
        assert wrong is not None
        told = list(wrong.send([message("li@example.com")]))
        assert told == [Outcome("m1", Fate.LATER, "SMTP 535")]
    assert [one.fate for one in wrong.send([message("li@example.com")])] == [Fate.LATER]


def test_nobody_slips_a_header_into_a_mail() -> None:
    with mail_server() as (postman, url):
        server = gateway(MAIL, {"HUIXIANG_MAIL_URL": url, "HUIXIANG_MAIL_FROM": FROM})
        assert server is not None
        sly = [
            message("li@example.com\nBcc: all@example.com"),
            Message("m2", "li@example.com", "x", "a\nBcc: b@c.example"),
        ]
        assert [one.fate for one in server.send(sly)] == [Fate.REFUSED] * 2
        assert postman.taken == []


def test_short_messages_are_signed_and_a_repetition_is_sent_once() -> None:
    with sms_platform() as (platform, url):
        sms = gateway(SMS, {"HUIXIANG_SMS_URL": url, "HUIXIANG_SMS_SECRET": SECRET})
        assert sms is not None
        assert [one.fate for one in sms.send([message("13800000000"), message("13800000000")])] == [Fate.SENT] * 2
        assert [to for to, _ in platform.taken.values()] == ["13800000000"]
        platform.answers = [422, 302, 503]
        told = list(sms.send([message("1", n) for n in range(2, 5)]))
        assert [(one.fate, one.why) for one in told] == [
            (Fate.REFUSED, "HTTP 422"),
            (Fate.LATER, "HTTP 302"),
            (Fate.LATER, "HTTP 503"),
        ]
        other = gateway(SMS, {"HUIXIANG_SMS_URL": url, "HUIXIANG_SMS_SECRET": "another secret, long enough"})
        assert other is not None
        assert next(iter(other.send([message("1")]))).why == "HTTP 401"


def test_a_platform_that_is_away_is_not_asked_a_thousand_times() -> None:
    with sms_platform() as (platform, url):
        sms = gateway(SMS, {"HUIXIANG_SMS_URL": url, "HUIXIANG_SMS_SECRET": SECRET})
        assert sms is not None
        platform.answers = [503] * 1000
        told = list(sms.send([message("1", n) for n in range(1000)]))
        assert {one.fate for one in told} == {Fate.LATER}
        assert (len(told), platform.asked) == (1000, 3)


def test_contact_and_words_stand_in_no_log() -> None:
    assert "138" not in repr(message("13800000000"))
    assert "感受" not in repr(message("13800000000"))
    assert "guess" not in repr(gateway(MAIL, {"HUIXIANG_MAIL_URL": "smtps://u:guess@h", "HUIXIANG_MAIL_FROM": FROM}))


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({"HUIXIANG_MAIL_URL": "https://mail", "HUIXIANG_MAIL_FROM": FROM}, "MAIL_URL"),
        ({"HUIXIANG_MAIL_URL": "smtp://mail.bank.example", "HUIXIANG_MAIL_FROM": FROM}, "MAIL_URL"),
        ({"HUIXIANG_MAIL_URL": "smtps://mail:99999", "HUIXIANG_MAIL_FROM": FROM}, "MAIL_URL"),
        ({"HUIXIANG_MAIL_URL": "smtps://mail"}, "MAIL_FROM"),
        ({"HUIXIANG_SMS_URL": "http://sms.bank.example", "HUIXIANG_SMS_SECRET": SECRET}, "SMS_URL"),
        ({"HUIXIANG_SMS_URL": "https://sms.bank.example", "HUIXIANG_SMS_SECRET": "short"}, "SMS_SECRET"),
    ],
)
def test_a_setting_that_cannot_be_meant_stops_before_anything_leaves(given: dict[str, str], variable: str) -> None:
    with pytest.raises(Fault) as wrong:
        gateway(SMS if "SMS" in variable else MAIL, given)
    assert wrong.value.params["variable"] == f"HUIXIANG_{variable}"
    assert gateway(MAIL, {}) is None


def test_a_line_that_breaks_while_a_mail_leaves_leaves_that_one_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as (postman, url):
        server = gateway(MAIL, {"HUIXIANG_MAIL_URL": url, "HUIXIANG_MAIL_FROM": FROM})
        really = smtplib.SMTP.send_message

        def breaks(line: smtplib.SMTP, mail: Any) -> Any:
            done = really(line, mail)
            if str(mail["To"]).startswith("wang"):
                raise smtplib.SMTPServerDisconnected  # taken, but its answer is lost
            return done

        monkeypatch.setattr(smtplib.SMTP, "send_message", breaks)
        assert server is not None
        people = ["li@example.com", "wang@example.com", "zhao@example.com"]
        told = list(server.send([message(to, number) for number, to in enumerate(people)]))
        assert [one.fate for one in told] == [Fate.SENT, Fate.UNSURE, Fate.LATER]
        assert len(postman.taken) == 2
