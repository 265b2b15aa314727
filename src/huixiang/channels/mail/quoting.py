"""What did the writer of this mail say now? Earlier mails below it, signatures and what the telephone adds are cut.

The rules look for marks that mail programs write, at the beginning of a line, and never for mere likeness: rather a
quoted line too many than a customer's sentence lost. A mail that consists of nothing else keeps it all, and so does one
that was forwarded: what is below is then what matters. What is cut is told too, so that a wrong cut can be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

FORWARDED = re.compile(r"^\s*(?:(?:转发|轉寄|轉發|Fwd?|FW)\s*[:：]\s*)", re.I)

# A line of dashes with these words: Outlook, Foxmail, QQ, NetEase, 263, Coremail, Lotus.
_DIVIDER = re.compile(
    r"^[\s>]*[-_=—─*]{2,}\s*(?:原始邮件|原邮件|原始郵件|原始信件|Original Message|Original)\s*[-_=—─*]{2,}\s*$|"
    r"^\s*\|?\s*-{2,}\s*回复的原邮件\s*-{2,}\s*\|?\s*$",
    re.I,
)
_RULE = re.compile(r"^\s*_{20,}\s*$")  # Outlook on the web; people underline headings so
# The lines of a header that was copied into the text; three of them together are one.
_COPIED = re.compile(
    r"^[\s>|*]*(?:(?P<first>发件人|發件人|寄件者|寄件人|From)|发送时间|发送日期|發送時間|"
    r"寄件日期|日期|时间|Sent|Date|收件人|收件者|To|"
    r"抄送(?:人)?|副本|Cc|主题|主旨|Subject|密送)\s*\**\s*[:：]",
    re.I,
)
# "On 3 Nov 2026, at 10:20, Li <li@bank.example> wrote:", "在 2026年11月3日，10:20，李 写道：", "李 于2026年…写道："
_WROTE = re.compile(r"(?:写道|寫道|wrote|schrieb|a écrit)\s*[:：]\s*$", re.I)
_WROTE_WHO = re.compile(r"[^\s<>@]@[^\s<>@]|^(?!.*[我您贵]).{0,60}\d{1,2}:\d{2}.{0,60}$")  # an address, or a clock
_WROTE_BEGIN = re.compile(r"^[\s>]*(?:(?:On|At|Am|Le)\b|[在于於]\s*\d|\d{4}\s*[-年/.])", re.I)
_WROTE_NAME = re.compile(r"^[\s>]*(?:[\"“<]|[^\s，。；]{1,40}\s*(?:<|[于於在]\s*\d))")
_QUOTED = re.compile(r"^\s{0,3}(?:>|＞|\|\s?>)")
_DASHES = re.compile(r"^-- $")  # RFC 3676; without the blank people draw lines so
_SIGNATURE = 12  # lines that follow it at most
_THINGS = (
    r"(?:iPhone|iPad|Mac|Android|Windows|安卓|华为|HUAWEI|荣耀|HONOR|小米|Xiaomi|红米|Redmi|OPPO|vivo|三星|Samsung|魅族|"
    r"一加|realme|中兴|联想|Outlook|Foxmail|Gmail|Yahoo|邮箱|郵箱|手机|手機|平板)"
)
_DEVICE = re.compile(
    rf"^\s*(?:(?:(?:此?邮?件?)?(?:发|發|来|來|寄)送?自|从)\s*(?:我的|於我的|于)?\s*[\w\s.]{{0,8}}{_THINGS}[\sA-Za-z0-9+.\-]{{0,20}}"
    r"(?:手机|手機|平板|邮箱|大师|客户端|版邮件|版|发送|发出)*|"
    rf"Sent (?:from|via|with) (?:my )?[\w ]{{0,20}}(?:{_THINGS}|Mail|Mobile)[\w .]{{0,20}}|"
    r"Get Outlook for .{1,20}|获取\s*(?:适用于|Outlook)\s*.{0,30}|Von meinem .{1,30} gesendet)\s*[。.]?\s*$",
    re.I,
)
_LAST = 3  # lines among which such a one stands
_DISCLAIMER = re.compile(
    r"^\s*(?:本邮件(?:及其附件)?|此邮件|本電子郵件|This (?:e-?mail|message))"
    r"(?=.{0,200}(?:保密|机密|機密|confidential|intended))(?=.*(?:收件人|误收|誤收|recipient|addressee))(?!.*(?:举报|投诉|反映))",
    re.I | re.S,
)


def own_words(text: str, subject: str = "") -> str:
    """The text without what it quotes. All of it where nothing else would be left, or where it was forwarded."""
    return parted(text, subject)[0]


def parted(text: str, subject: str = "") -> tuple[str, str]:
    """What the writer said, and what was cut; of that not the lines that tell names alone: headers and signatures."""
    if FORWARDED.match(subject):
        return text.strip(), ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept, others = _sorted_out(lines)
    own = _joined(lines[place] for place in kept)
    if not own:
        return text.strip(), ""
    return own, _joined(lines[place] for place in others)


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _sorted_out(lines: list[str]) -> tuple[list[int], list[int]]:
    """The places of the writer's own lines, and of those of others."""
    introductions = dict(_introductions(lines))
    introducing = {place for last, first in introductions.items() for place in range(first, last + 1)}
    told = _end(lines, introductions)
    signed = _signed(lines, told)
    end = _disclaimed(lines, signed)
    kept = [place for place in range(end) if place not in introducing and not _QUOTED.match(lines[place])]
    last = [place for place in kept if lines[place].strip()][-_LAST:]
    devices = {place for place in last if len(lines[place]) < 120 and _DEVICE.match(lines[place])}
    nameless = {*kept, *introducing, *range(signed, told)}
    others = [place for place, line in enumerate(lines) if place not in nameless and not _COPIED.match(line)]
    return [place for place in kept if place not in devices], others


def _end(lines: list[str], introductions: dict[int, int]) -> int:
    """Where does another's mail begin that goes on to the end?"""
    for place, line in enumerate(lines):
        if _DIVIDER.match(line) or (_RULE.match(line) and _is_header(lines, place + 1)):
            return place
        if (begin := _COPIED.match(line)) and begin["first"] and _is_header(lines, place):
            return place
        if place in introductions and not _quoted_after(lines, place + 1):
            return introductions[place]
    return len(lines)


def _signed(lines: list[str], end: int) -> int:
    """Where does the signature begin? At the last such line, and it is short."""
    for place in range(end - 1, -1, -1):
        if _DASHES.match(lines[place]):
            return place if sum(bool(line.strip()) for line in lines[place + 1 : end]) <= _SIGNATURE else end
    return end


def _disclaimed(lines: list[str], end: int) -> int:
    """A house's disclaimer is the last paragraph, and speaks of whom the mail is meant for."""
    while end and not lines[end - 1].strip():
        end -= 1
    begin = end
    while begin and lines[begin - 1].strip():
        begin -= 1
    return begin if begin and _DISCLAIMER.match("\n".join(lines[begin:end])) else end


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
        if len(whole) < 300 and _WROTE_BEGIN.match(lines[first]) and _WROTE_WHO.search(whole):
            return first
    return place if _WROTE_NAME.match(lines[place]) and _WROTE_WHO.search(lines[place]) else None


def _quoted_after(lines: list[str], place: int) -> bool:
    """Is what follows marked line by line? Then an answer may stand below or between."""
    following = (line for line in lines[place:] if line.strip())
    return bool(_QUOTED.match(next(following, "")))
