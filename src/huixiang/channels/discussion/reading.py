"""Who said what in this record? Lines that cannot be read are told with file, line and remedy; the others come in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from huixiang.channels import encoding
from huixiang.channels.contract import Fault, quoted
from huixiang.channels.discussion import docx
from huixiang.channels.hotline import cues

LARGEST = 8 << 20  # bytes; two hours of talk are about 100 kB
MOST_TURNS, MOST_FAULTS = 5_000, 100
LONGEST_TURN = 4_000  # characters
_LONGEST_HEADING = 80
_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_STOPS = r"\s：:，,。；;！!？?、“”\"'()（）\[\]【】"
_NUMBERED = r"(?:参与者|参加者|与会者|受访者|嘉宾|客户|顾客|发言人|说话人) ?[A-Za-z\d]{1,3}"
_BESIDE = r"[ \t]*[（(](?![\d:]+[）)])[^（）()：:\n]{1,12}[）)]"  # 参与者A（金卡）
_LABEL = re.compile(
    rf"[ \t\u3000]*(?:[\[(（【]?(?P<before>{_CLOCK})[\])）】]?[ \t\u3000]*)?"
    rf"(?P<who>(?!\d)[^{_STOPS}]{{1,16}}|[A-Za-z]{{1,15}} \d{{1,3}}|\d{{1,2}}号|{_NUMBERED})(?:{_BESIDE})?"
    rf"(?:[ \t\u3000]*[\[(（【]?(?P<after>{_CLOCK})[\])）】]?)?[ \t\u3000]*[：:](?!\d\d)[ \t\u3000]*(?P<said>.*)",
    re.S,
)
_HEADS = {
    "主题", "题目", "名称", "日期", "时间", "地点", "机构", "记录", "记录人", "参加人", "参会人", "人数", "编号",
    "时长", "topic", "date", "place", "time",
}  # fmt: skip
# As meeting programs write it: who and when stand alone on a line, what was said on the lines below.
_WHO = rf"(?!\d)[^{_STOPS}]{{1,16}}(?: (?!\d{{1,2}}:\d)[^{_STOPS}]{{1,16}})?|\d{{1,2}}号"
_HEADING = re.compile(
    rf"\s*(?:(?P<who>{_WHO})\s*[：:]?\s*[\[(（【]?(?<!\d)(?P<at>{_CLOCK})[\])）】]?[：:]?|[\[(（【]?(?P<early>{_CLOCK})[\])）】]?\s+(?P<whose>{_WHO}))\s*"
)
_SUBJECT = re.compile(r"(?:主题|题目|topic)[：:][ \t]*(?P<found>[^\s\u3000，,；;][^\u3000，,；;\n]{0,78})", re.I)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Said:
    """One turn, unmasked: lives in memory, or sealed. `line` counts lines of a text, paragraphs of a Word file."""

    line: int
    label: str
    text: str
    start: float | None = None  # seconds from the beginning, where the record tells


@dataclass(frozen=True, slots=True)
class Transcript:
    """What one file holds, and which of its lines hold nothing that can be used."""

    said: tuple[Said, ...]
    faults: tuple[Fault, ...] = ()
    subject: str = ""
    held_on: date | None = None

    @property
    def labels(self) -> dict[str, int]:
        """Who speaks, in the order of the first word, and how often?"""
        found: dict[str, int] = {}
        for each in self.said:
            found[each.label] = found.get(each.label, 0) + 1
        return found


@dataclass
class _Sheet:
    """What has been read so far."""

    name: str
    said: list[Said] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    untold: int = 0  # lines beyond those that are told one by one
    heading: Said | None = None  # whose words stand below

    def take_under_heading(self, line: int, text: str) -> None:
        """A line of a record in which speakers stand alone: “说话人1 00:23”, and their words below."""
        if encoding.UNREADABLE.search(text):
            self._refuse("%(place)s：有无法识别的字符，这一行没有读入；请另存为 UTF-8 后重新上传", line)
        elif found := _heading(line, text):
            self.end_heading()
            self.heading = found
        elif self.heading:
            self.begin(replace(self.heading, text=text.strip()))
            self.heading = None
        elif self.said:
            self.go_on("\n", text.strip())
        else:
            self.head.append(text)

    def end_heading(self) -> None:
        if self.heading:
            line, who = self.heading.line, self.heading.label
            self._refuse("%(place)s：“%(found)s”后面没有话；请补上，或删去这一行", line, who)
            self.heading = None

    def take(self, line: int, text: str) -> None:
        found = _LABEL.fullmatch(text)
        if found and not self.said and found["who"].casefold() in _HEADS:
            found = None
        if encoding.UNREADABLE.search(text):
            self._refuse("%(place)s：有无法识别的字符，这一行没有读入；请另存为 UTF-8 后重新上传", line)
        elif found and not found["said"].strip():
            self._refuse("%(place)s：“%(found)s”后面没有话；请补上，或删去这一行", line, found["who"])
        elif found:
            clock = found["before"] or found["after"]
            self.begin(Said(line, found["who"], found["said"].strip(), _seconds(clock) if clock else None))
        elif self.said:
            self.go_on("\n", text.strip())
        else:
            self.head.append(text)

    def begin(self, said: Said) -> None:
        if len(self.said) >= MOST_TURNS:
            raise Fault("“%(name)s”超过 %(most)s 句；请一场座谈一个文件", name=self.name, most=MOST_TURNS)
        self.said.append(said)

    def go_on(self, between: str, words: str) -> None:
        """With the last turn. One that is too long already is told in the end, and grows no more till then."""
        last = self.said[-1]
        if len(last.text) <= LONGEST_TURN:
            self.said[-1] = replace(last, text=f"{last.text}{between}{words}")

    def closed(self) -> Transcript:
        """Raises Fault where nobody speaks."""
        if not self.said:
            raise Fault("“%(name)s”里没有找到说话人；每句话请写成“参与者A：……”或“主持人：……”，一人一行", name=self.name)
        for each in [each for each in self.said if len(each.text) > LONGEST_TURN]:
            self._refuse(
                "%(place)s：“%(found)s”的一句话超过 %(most)s 字，多半缺了说话人；请分开再上传", each.line, each.label
            )
        if self.untold:
            told = Fault("“%(name)s”还有 %(count)s 行没有读入，原因同上", name=self.name, count=self.untold)
            self.faults.append(told)
        kept = tuple(each for each in self.said if len(each.text) <= LONGEST_TURN)
        head = "\n".join(self.head)
        subject, day = _SUBJECT.search(head), _DAY.search(head)
        return Transcript(kept, tuple(self.faults), subject["found"].strip() if subject else "", _day(day))

    def _refuse(self, message: str, line: int, found: str = "") -> None:
        if len(self.faults) >= MOST_FAULTS:
            self.untold += 1
            return
        place = f"{self.name}:{line}"
        self.faults.append(Fault(message, place=place, found=quoted(found), most=LONGEST_TURN))


def read(content: bytes, name: str) -> Transcript:
    """What a file says, its kind told by its content. Raises Fault where it cannot be read at all."""
    if not content.strip():
        raise Fault("文件“%(name)s”是空的；请检查导出是否成功", name=name)
    if len(content) > LARGEST:
        raise Fault("文件“%(name)s”超过 %(most)s MiB；请一场座谈一个文件", name=name, most=LARGEST >> 20)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_lines(docx.paragraphs(content, name), name)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Fault("“%(name)s”是旧版 Word 文件（.doc）；请在 Word 里另存为 .docx", name=name)
    if content.startswith((b"%PDF", b"{\\rtf")) or b"\0\0\0\0" in content[:4096]:
        raise Fault("“%(name)s”不是文字记录；请另存为 .docx、.txt 或 .vtt", name=name)
    text = _text(content)
    if text.lstrip().startswith("WEBVTT") or re.search(rf"^{_CLOCK}[ \t]*-->", text, re.M):
        return _of_cues(text, name)
    return _of_lines(enumerate(re.split(r"\r\n|\n|\r", text), 1), name)


def _text(content: bytes) -> str:
    guessed = encoding.guess_of(io.BytesIO(content))
    return content.decode(guessed, "huixiang-keep-apart").removeprefix("\ufeff")


def _of_lines(lines: Iterable[tuple[int, str]], name: str) -> Transcript:
    sheet = _Sheet(name)
    filled = [(number, line) for number, line in lines if line.strip()]
    take = sheet.take_under_heading if _is_headed(line for _number, line in filled) else sheet.take
    for number, line in filled:
        take(number, line)
    sheet.end_heading()
    return sheet.closed()


def _is_headed(lines: Iterable[str]) -> bool:
    """Do speakers stand alone on their lines? More than once, and no less often than before a colon."""
    headings = labels = 0
    for line in lines:
        if _heading(0, line):
            headings += 1
        elif _LABEL.fullmatch(line):
            labels += 1
    return headings > 1 and headings >= labels


def _heading(line: int, text: str) -> Said | None:
    found = _HEADING.fullmatch(text) if len(text) < _LONGEST_HEADING else None
    if not found:
        return None
    who = found["who"] or found["whose"]
    return None if who.casefold() in _HEADS else Said(line, who, "", _seconds(found["at"] or found["early"]))


def _of_cues(text: str, name: str) -> Transcript:
    """Programs cut a turn into many cues: what one person says without a break is one turn."""
    sheet = _Sheet(name)
    for line, label, words, start in _cues(text, name):
        before = sheet.said[-1] if sheet.said else None
        if before and label in ("", before.label):
            sheet.go_on(" ", words)
        elif label:
            sheet.begin(Said(line, label, words, start))
        else:
            sheet._refuse("%(place)s：没有说话人；请在这一句前写上“参与者A：”", line)
    return sheet.closed()


def _cues(text: str, name: str) -> Iterator[tuple[int, str, str, float | None]]:
    for piece in cues.pieces(text, name):
        words, label = " ".join(piece.text.split()), piece.label
        found = None if label else _LABEL.fullmatch(words)
        if found:
            label, words = found["who"], found["said"]
        if words:
            yield int(piece.place.rpartition(":")[2]), label, words, piece.start


def _seconds(clock: str) -> float:
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = 60 * total + float(part)
    return total


def _day(found: re.Match[str] | None) -> date | None:
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
