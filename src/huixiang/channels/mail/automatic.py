"""Did a machine write this mail? Replies of absence, bounces, receipts and lists are no customer's voice."""

from __future__ import annotations

import re
from email.message import Message

from huixiang.channels.mail import headers

_AWAY = re.compile(
    r"^\s*(?:自动回复|自動回覆|自动答复|外出自动|休假自动|Auto(?:matic)?[- ]?Reply|Out of (?:the )?Office|AutoReply)",
    re.I,
)
_BOUNCE = re.compile(
    r"^\s*(?:Undeliver(?:able|ed)|Delivery Status Notification|Mail delivery failed|Returned mail|failure notice|退信|"
    r"系统退信|邮件投递失败|无法送达|来自postmaster)",
    re.I,
)
_RECEIPT = re.compile(r"^\s*(?:已读|Read|已读回执|Disposition notification)\s*[:：]", re.I)
_MACHINE = re.compile(r"(?:^|[\s<\"])(?:mailer-daemon|postmaster|double-bounce)@", re.I)
_AWAY_HEADERS = ("X-Autoreply", "X-Autorespond")
_MANY, _REPLY = {"bulk", "list", "junk"}, {"auto_reply", "auto-reply"}
_LISTS = ("List-Id", "List-Unsubscribe", "List-Post")


def reason(message: Message) -> str:
    """Why it is none, in words; empty where a person wrote it (RFC 3834, RFC 3464, RFC 8098, RFC 2369)."""
    subject = headers.text(message, "Subject")
    told = _header(message, "Auto-Submitted")
    is_away = told.startswith("auto-replied") or any(_header(message, name) for name in _AWAY_HEADERS)
    precedence = _header(message, "Precedence")
    is_away = is_away or precedence in _REPLY
    is_list = precedence in _MANY or any(_header(message, name) for name in _LISTS)
    reasons = {
        "退信或投递通知": _is_bounce(message, subject),
        "已读回执": _is_receipt(message, subject),
        "自动回复": is_away or _AWAY.search(subject) is not None,
        "系统自动发送": bool(told) and not told.startswith("no"),
        "群发或邮件列表": is_list,
        "垃圾邮件": _header(message, "X-Spam-Flag") == "yes",
    }
    return next((each for each, holds in reasons.items() if holds), "")


def _header(message: Message, name: str) -> str:
    return headers.raw(message, name).strip().lower()


def _is_bounce(message: Message, subject: str) -> bool:
    if message.get_content_type() == "multipart/report":
        return "disposition-notification" not in str(message.get_param("report-type", "")).lower()
    if headers.raw(message, "Return-Path").strip() == "<>":  # RFC 5321, 4.5.5: whom nobody may answer
        return True
    return bool(_MACHINE.search(headers.raw(message, "From"))) or bool(_BOUNCE.match(subject))


def _is_receipt(message: Message, subject: str) -> bool:
    return message.get_content_type() == "multipart/report" or bool(_RECEIPT.match(subject))
