"""Which questionnaires can be read from a file, and written? Our own JSON, and LimeSurvey's; what is lost is told."""

from __future__ import annotations

import json
from dataclasses import dataclass

from huixiang.channels.contract import Fault, quoted
from huixiang.channels.surveys import limesurvey
from huixiang.channels.surveys.writing import Writing, written
from huixiang.domain.surveys.plain import FORMAT, Malformed, from_plain
from huixiang.domain.surveys.questionnaire import Questionnaire

__all__ = ["LARGEST", "Reading", "Writing", "read", "written"]
LARGEST = 8 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """A questionnaire, and what of the file it does not hold: each with its place, its reason and what to do."""

    questionnaire: Questionnaire
    losses: tuple[Fault, ...]
    format: str


def read(data: bytes, name: str) -> Reading:
    """The questionnaire in a file, known by its content, not by its name. Raises Fault."""
    if len(data) > LARGEST:
        raise Fault("文件“%(name)s”超过 8 MB；问卷的结构不会这么大，请检查是否选错了", name=quoted(name))
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise Fault("文件“%(name)s”是空的；请检查导出是否成功", name=quoted(name))
    if start[:1] in (b"{", b"["):
        return Reading(_of_json(data, name), (), FORMAT)
    if start[:1] == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        questionnaire, losses = limesurvey.read(data, name)
        return Reading(questionnaire, tuple(losses), "limesurvey")
    raise Fault("“%(name)s”既不是 JSON，也不是 LimeSurvey 的 .lss、.lsq；请重新导出", name=quoted(name))


def _of_json(data: bytes, name: str) -> Questionnaire:
    try:
        plain = json.loads(data)
    except UnicodeDecodeError:
        raise Fault("“%(name)s”不是 UTF-8 编码；请用 UTF-8 保存", name=quoted(name)) from None
    except json.JSONDecodeError as error:
        raise Fault(
            "“%(name)s”第 %(line)s 行第 %(at)s 个字处不是 JSON；请检查括号与引号",
            name=quoted(name), line=error.lineno, at=error.colno,
        ) from None  # fmt: skip
    except (RecursionError, ValueError):
        raise Fault("“%(name)s”套得太深或数字太长，没有读", name=quoted(name)) from None
    try:
        return from_plain(plain)
    except Malformed as found:
        raise Fault("“%(name)s”不是问卷：%(found)s", name=quoted(name), found=quoted_place(found)) from None
    except RecursionError:
        raise Fault("“%(name)s”套得太深或数字太长，没有读", name=quoted(name)) from None


def quoted_place(found: Malformed) -> str:
    """Where in the JSON, and what stands there: our own words, and so much of the file as a message may show."""
    return str(found)[:160]
