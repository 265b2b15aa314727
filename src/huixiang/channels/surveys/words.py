"""How do our words stand in LimeSurvey? As HTML, answers repeated by its expressions; languages under its names."""

from __future__ import annotations

import html
import re

from huixiang.channels.markup import looks_like_markup, text_of
from huixiang.domain.surveys.piping import PLACE
from huixiang.domain.surveys.questionnaire import Kind, Questionnaire

_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{2,6});")
_BREAK, _BROKEN = re.compile(r"<br\s*/?>\s*", re.I), re.compile(" ?\u2028 ?")
_LANGUAGES = {"zh": "zh-Hans", "zh-hant": "zh-Hant-TW"}


class Unrepeatable(ValueError):
    """LimeSurvey cannot repeat this answer within words; the message is the question's code."""


def language_of(code: str) -> str:
    """Our "zh" is LimeSurvey's "zh-Hans"."""
    return _LANGUAGES.get(code, code)


def short_of(language: str) -> str:
    """As our pages call it: zh-Hans and zh-CN are "zh", en-US is "en"."""
    code = language.strip().lower()
    if code.startswith("zh"):
        return "zh-hant" if re.search(r"hant|tw|hk", code) else "zh"
    return re.sub(r"[^a-z0-9-]", "", code.split("-")[0])[:8] or "zh"


def plain_of(words: str) -> str:
    """Without its markup; a line broken by hand is one line break, where a paragraph leaves a blank line."""
    if looks_like_markup(words) or _ENTITY.search(words):
        words = _BROKEN.sub("\n", text_of(_BREAK.sub("\u2028", words)))
    return words.strip()


def markup(words: str, questionnaire: Questionnaire, otherwise: str | None = None) -> str:
    """The words as HTML. Raises Unrepeatable, unless `otherwise` says what stands there instead."""
    parts, at = [], 0
    for place in PLACE.finditer(words):
        parts.append(_literal(words[at : place.start()]))
        at = place.end()
        try:
            parts.append(_repeated(questionnaire, place["code"], place["row"] or "", place["otherwise"] or ""))
        except Unrepeatable:
            if otherwise is None:
                raise
            parts.append(otherwise)
    return "".join([*parts, _literal(words[at:])])


def _literal(words: str) -> str:
    """A brace would begin an expression, unless it is written as a number."""
    plain = html.escape(words, quote=False).replace("{", "&#123;").replace("}", "&#125;")
    return plain.replace("\r\n", "\n").replace("\n", "<br />")


def _repeated(questionnaire: Questionnaire, code: str, row: str, otherwise: str) -> str:
    try:
        question = questionnaire.question(code)
    except KeyError:
        raise Unrepeatable(code) from None
    if question.kind is Kind.RANK or (question.kind is Kind.MATRIX and not row) or set(otherwise) & set('"<>&{}\n'):
        raise Unrepeatable(code)
    name = f"{code}_{row}.shown" if row else f"{code}.shown"
    name = f"list(that.{name})" if question.kind is Kind.MULTIPLE else name
    return f'{{if(is_empty({name}), "{otherwise}", {name})}}' if otherwise else f"{{{name}}}"
