"""What stands in this mail? Its bytes become a row: who, when, about what, in which words, with which files.

Columns have Chinese names, since a person mends a refused mail by them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.errors import (
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from huixiang.channels import charsets, markup
from huixiang.channels.contract import RAW, ROW_KEY, Fault, Refused, Row
from huixiang.channels.encoding import shown
from huixiang.channels.mail import automatic, headers, quoting
from huixiang.channels.tables import KEPT, LONGEST_CELL, sound
from huixiang.domain.feedback import digest

ID, SUBJECT, BODY, AT, RECEIVED, SENDER = "邮件编号", "主题", "正文", "时间", "收到时间", "发件人"
FILES, AUTOMATIC, CUT = "附件", "自动邮件", "略去的引文"
LARGEST = 64 << 20  # bytes of one mail, attachments included; servers take no more than about 50 MB
MOST_PARTS = 500
LONGEST_CUT = 20_000  # characters of earlier mails that are kept
_SEPARATING = re.compile(r"[\s;；|，,]+")  # between names of files, so not within one
_BROKEN = (
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
)


@dataclass(slots=True)
class _Body:
    """What was found on the way through the parts."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    enclosed: list[Message] = field(default_factory=list)
    is_whole: bool = True  # every byte of the text could be read
    fault: str = ""  # what is broken in its form


def row(number: int, data: bytes) -> Row | Refused:
    """The row of one mail; what cannot be read is refused with its number and what to do.

    Anybody can send a mail that is made to break its reader: it must not keep the mails behind it out.
    """
    try:
        return _row(number, data)
    except Exception as failure:
        kind = type(failure).__name__  # its words may quote the mail
        fault = Fault("第 %(row)s 封邮件无法读取（%(kind)s）；请打开原邮件，把正文填在这里", row=number, kind=kind)
        return Refused(number, fault, {BODY: ""}, (BODY,))


def _row(number: int, data: bytes) -> Row | Refused:
    message = BytesParser(policy=compat32).parsebytes(data)
    if not message.keys():
        fault = Fault("第 %(row)s 封邮件没有邮件头，不是一封完整的邮件；请重新导出，或放弃这一行", row=number)
        return Refused(number, fault, {BODY: "", RAW: shown(data[:KEPT].decode("utf-8", "replace"))})
    body = _Body()
    _walk(message, body)
    if body.enclosed and not any(map(str.strip, [*body.plain, *body.html])):
        _walk(body.enclosed[0], body)  # forwarded as an attachment, without a word: that mail is what is told
    fields = _fields(message, body)
    if trouble := _trouble(number, body):
        kept = {name: shown(value)[:LONGEST_CELL] for name, value in fields.items()}
        return Refused(number, trouble, kept, (BODY,))
    return sound(number, fields)


def _fields(message: Message, body: _Body) -> dict[str, str]:
    subject = headers.text(message, "Subject")
    whole = _whole(body, keep_quotes=bool(quoting.FORWARDED.match(subject)))
    own, cut = quoting.parted(whole, subject)
    received = headers.received_at(message)
    said = headers.said_at(message, received)
    found = {
        ID: headers.identity(message),
        SUBJECT: subject,
        BODY: own,
        AT: said.isoformat(sep=" ") if said else "",
        RECEIVED: received.isoformat(sep=" ") if received else "",
        SENDER: headers.sender(message),
        FILES: "；".join(dict.fromkeys(body.files)),
        AUTOMATIC: automatic.reason(message),
        CUT: cut if len(cut) <= LONGEST_CUT else cut[:LONGEST_CUT] + "…",
    }
    fields = {name: value for name, value in found.items() if value or name in {SUBJECT, BODY, AT}}
    if ID not in fields:
        fields[ROW_KEY] = digest(*(found[name] for name in (SENDER, SUBJECT, AT)), whole)
    return {name: value.replace("\0", "") for name, value in fields.items()}


def _whole(body: _Body, *, keep_quotes: bool) -> str:
    """Plain text where there is some: the HTML beside it says the same."""
    plain = "\n".join(body.plain).strip()
    if plain and not (body.html and len(plain) < 40 and "html" in plain.lower()):  # "Your client shows no HTML"
        return markup.text_of(plain, keep_quotes=keep_quotes) if plain[:200].lower().startswith("<html") else plain
    return "\n".join(markup.text_of(html, keep_quotes=keep_quotes) for html in body.html).strip() or plain


def _walk(message: Message, body: _Body) -> None:
    """Through all parts, but not into mails that are enclosed; those count as attachments."""
    stack, seen = [message], 0
    while stack:
        part = stack.pop()
        seen += 1
        if seen > MOST_PARTS:
            body.fault = "parts"
            return
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            stack.extend(reversed([each for each in part.get_payload() if isinstance(each, Message)]))
            continue
        _note(part, body)
        if part.get_content_maintype() == "multipart" and _is_broken(part):
            body.fault = "form"


def _note(part: Message, body: _Body) -> None:
    kind, name = part.get_content_type(), headers.file_name(part)
    attached = str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")
    if kind == "message/rfc822" or attached or name or not kind.startswith("text/"):
        if kind == "message/rfc822" and part.is_multipart():
            body.enclosed += [each for each in part.get_payload() if isinstance(each, Message)]
        if name or kind not in {"text/plain", "multipart/mixed"}:
            body.files.append(file_name(part) or kind.replace("/", "-"))
        return
    if kind not in {"text/plain", "text/html"}:
        return
    text, is_whole = _text(part, is_html=kind == "text/html")
    (body.html if kind == "text/html" else body.plain).append(text)
    body.is_whole = body.is_whole and is_whole
    if _is_broken(part):
        body.fault = body.fault or "form"


def file_name(part: Message) -> str:
    """As the voice lists it; empty where it has none."""
    return _SEPARATING.sub("_", headers.file_name(part))


def _text(part: Message, *, is_html: bool) -> tuple[str, bool]:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    named = part.get_content_charset("") or (_named_in_html(data) if is_html else "")
    text, is_whole = charsets.decode(data, named)
    if part.get_param("format") == "flowed":
        text = _unfolded(text, joined=str(part.get_param("delsp", "")).lower() == "yes")
    return text.replace("\r\n", "\n"), is_whole


def _named_in_html(data: bytes) -> str:
    found = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,40})", data[:4096], re.I)
    return found[1].decode("ascii") if found else ""


def _unfolded(text: str, *, joined: bool) -> str:
    """RFC 3676: a line that ends with a space goes on in the next."""
    return re.sub(r"(?m)^(?!-- $)(.*) \r?\n(?![>\s]|-- $)", r"\1" if joined else r"\1 ", text)


def _is_broken(part: Message) -> bool:
    return any(isinstance(defect, _BROKEN) for defect in part.defects)


def _trouble(number: int, body: _Body) -> Fault | None:
    if body.fault == "parts":
        most = MOST_PARTS
        return Fault(
            "第 %(row)s 封邮件有超过 %(most)s 个部分，未再读下去；请打开原邮件，把正文填在这里", row=number, most=most
        )
    if body.fault:
        return Fault(
            "第 %(row)s 封邮件的结构损坏（分隔线或 Base64 编码不全），正文可能不完整；请打开原邮件，把正文填在这里",
            row=number,
        )
    if not body.is_whole:
        return Fault(
            "第 %(row)s 封邮件的“%(column)s”有无法解码的字节（显示为 �）；请照原邮件更正", column=BODY, row=number
        )
    return None
