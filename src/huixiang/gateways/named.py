"""Which ways out has the administrator named? None, unless the environment says so.

HUIXIANG_MAIL_URL   smtps://user:password@mail.bank.example:465, smtp+starttls://…:587; smtp://… only with ?plain=yes
HUIXIANG_MAIL_FROM  海川银行 <survey@bank.example>
HUIXIANG_SMS_URL    https://sms.bank.example/send; http only to this machine
HUIXIANG_SMS_SECRET at least 16 characters
HUIXIANG_GATEWAY_CA a file of the bank's own certificate authorities
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from huixiang.channels.contract import Fault
from huixiang.gateways.contract import Gateway
from huixiang.gateways.smtp import Server
from huixiang.gateways.webhook import Webhook

MAIL, SMS = "mail", "sms"
SHORTEST_SECRET = 16
_SCHEMES = {"smtps": ("tls", 465), "smtp+starttls": ("starttls", 587), "smtp": ("none", 25)}
_HERE = {"127.0.0.1", "localhost", "::1"}


def gateway(medium: str, given: Mapping[str, str] | None = None) -> Gateway | None:
    """The gateway for MAIL or SMS; None where none is named. Raises Fault for what cannot be meant.

    Values are never told: a password may have been put into the wrong variable.
    """
    found = os.environ if given is None else given
    return {MAIL: _mail, SMS: _sms}[medium](found)


def _mail(found: Mapping[str, str]) -> Gateway | None:
    url = found.get("HUIXIANG_MAIL_URL", "").strip()
    if not url:
        return None
    parts, sender = urlsplit(url), found.get("HUIXIANG_MAIL_FROM", "").strip()
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise _wrong("HUIXIANG_MAIL_URL", "请写 smtps://用户:密码@主机:端口 或 smtp+starttls://…")
    security, port = _SCHEMES[parts.scheme]
    if security == "none" and parse_qs(parts.query).get("plain") != ["yes"] and parts.hostname not in _HERE:
        raise _wrong("HUIXIANG_MAIL_URL", "不加密的 smtp:// 须写明 ?plain=yes")
    if "@" not in sender or "\n" in sender:
        raise _wrong("HUIXIANG_MAIL_FROM", "请写发件人，例：海川银行 <survey@bank.example>")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    authorities = found.get("HUIXIANG_GATEWAY_CA", "").strip()
    return Server(parts.hostname, _port(url) or port, sender, security, user, password, authorities)


def _sms(found: Mapping[str, str]) -> Gateway | None:
    url, secret = found.get("HUIXIANG_SMS_URL", "").strip(), found.get("HUIXIANG_SMS_SECRET", "").strip()
    if not url:
        return None
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if not is_safe or not parts.hostname or parts.username:
        raise _wrong("HUIXIANG_SMS_URL", "请写 https:// 开头的地址，不含用户名")
    if len(secret) < SHORTEST_SECRET:
        raise _wrong("HUIXIANG_SMS_SECRET", f"至少 {SHORTEST_SECRET} 个字符")
    return Webhook(url, secret.encode(), found.get("HUIXIANG_GATEWAY_CA", "").strip())


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        raise _wrong("HUIXIANG_MAIL_URL", "端口应为 1–65535") from None


def _wrong(variable: str, wanted: str) -> Fault:
    return Fault("%(variable)s 的值不行；%(wanted)s", variable=variable, wanted=wanted)
