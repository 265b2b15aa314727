"""What did the writer of this mail say now? Earlier mails below it, signatures and what the telephone adds are cut.

The rules look for marks that mail programs write, at the beginning of a line, and never for mere likeness: rather a
quoted line too many than a customer's sentence lost. A mail that consists of nothing else keeps it all, and so does one
that was forwarded: what is below is then what matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

FORWARDED = re.compile(r"^\s*(?:(?:转发|轉寄|轉發|Fwd?|FW)\s*[:：]\s*)", re.I)

# A line of dashes with these words: Outlook, Foxmail, QQ, NetEase, 263, Coremail, Lotus.
_DIVIDER = re.compile(
    r"^[\s>]*[-_=—─*]{2,}\s*(?:原始邮件|原邮件|原始郵件|原始信件|Original Message|Original)\s*[-_=—─*]{2,}\s*$|"
    r"^\s*_{20,}\s*$|^\s*\|?\s*-{2,}\s*回复的原邮件\s*-{2,}\s*\|?\s*$",
    re.I,
)
# The lines of a header that was copied into the text; three of them together are one.
_COPIED = re.compile(
    r"^[\s>|*]*(?:(?P<first>发件人|發件人|寄件者|寄件人|From)|发送时间|发送日期|發送時間|"
    r"寄件日期|日期|时间|Sent|Date|收件人|收件者|To|"
    r"抄送(?:人)?|副本|Cc|主题|主旨|Subject|密送)\s*\**\s*[:：]",
    re.I,
)
# "On 3 Nov 2026, at 10:20, Li <li@bank.example> wrote:", "在 2026年11月3日，10:20，李 写道：", "李 于2026年…写道："
_WROTE = re.compile(r"(?:写道|寫道|wrote|schrieb|a écrit)\s*[:：]\s*$", re.I)
_WROTE_WHEN = re.compile(r"\d{4}\s*[年/.\-]|\d{1,2}:\d{2}|@|\b(?:19|20)\d{2}\b")
_WROTE_BEGIN = re.compile(r"^[\s>]*(?:(?:On|At|Am|Le)\b|[在于於]\s*\d|\d{4}\s*[-年/.])", re.I)
_WROTE_NAME = re.compile(r"^[\s>]*(?:[\"“<]|[^\s，。；]{1,40}\s*(?:<|[于於在]\s*\d))")
_QUOTED = re.compile(r"^\s{0,3}(?:>|＞|\|\s?>)")
_DASHES = re.compile(r"^-- ?$")
_DEVICE = re.compile(
    r"^\s*(?:(?:此?邮?件?)?(?:发|發|来|來|寄)送?自(?:我的|於我的|于)?\s*.{1,24}|从(?:我的)?\s*.{1,20}(?:发送|发出)|"
    r"Sent (?:from|via|with)\s+.{1,40}|Get Outlook for .{1,20}|获取\s*(?:适用于|Outlook)\s*.{0,30}|"
    r"Von meinem .{1,30} gesendet)\s*[。.]?\s*$",
    re.I,
)
_DISCLAIMER = re.compile(
    r"^\s*(?:本邮件(?:及其附件)?|此邮件|本電子郵件|This (?:e-?mail|message))"
    r"(?=.{0,80}(?:保密|机密|機密|confidential|intended))",
    re.I,
)


def own_words(text: str, subject: str = "") -> str:
    """The text without what it quotes. All of it where nothing else would be left, or where it was forwarded."""
    if FORWARDED.match(subject):
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    introductions = dict(_introductions(lines))
    end = _end(lines, introductions)
    introducing = {place for last, first in introductions.items() for place in range(first, last + 1)}
    kept = [line for place, line in enumerate(lines[:end]) if place not in introducing and not _is_of_others(line)]
    found = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return found or text.strip()


def _end(lines: list[str], introductions: dict[int, int]) -> int:
    """Where does another's mail begin that goes on to the end, or the signature?"""
    for place, line in enumerate(lines):
        if _DASHES.match(line) or _DIVIDER.match(line) or _DISCLAIMER.match(line):
            return place
        if (begin := _COPIED.match(line)) and begin["first"] and _is_header(lines, place):
            return place
        if place in introductions and not _quoted_after(lines, place + 1):
            return introductions[place]
    return len(lines)


def _is_header(lines: list[str], place: int) -> bool:
    following = [line for line in lines[place : place + 12] if line.strip()][:5]
    return sum(_COPIED.match(line) is not None for line in following) >= 3


def _introductions(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The last and first line of each "On … wrote:"; mail programs break it into two or three."""
    for place, line in enumerate(lines):
        if line.rstrip().endswith((":", "：")) and _WROTE.search(line):
            first = _introduction(lines, place)
            if first is not None:
                yield place, first


def _introduction(lines: list[str], place: int) -> int | None:
    for first in range(place, max(-1, place - 3), -1):
        if not lines[first].strip():
            break
        whole = " ".join(lines[first : place + 1])
        if len(whole) < 300 and _WROTE_BEGIN.match(lines[first]) and _WROTE_WHEN.search(whole):
            return first
    return place if _WROTE_NAME.match(lines[place]) and _WROTE_WHEN.search(lines[place]) else None


def _quoted_after(lines: list[str], place: int) -> bool:
    """Is what follows marked line by line? Then an answer may stand below or between."""
    following = (line for line in lines[place:] if line.strip())
    return bool(_QUOTED.match(next(following, "")))


def _is_of_others(line: str) -> bool:
    return bool(_QUOTED.match(line) or (len(line) < 120 and _DEVICE.match(line)))
