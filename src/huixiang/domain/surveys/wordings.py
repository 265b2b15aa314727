"""Which words does a questionnaire hold, each under a key: what is wanting in a language, and put in?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from huixiang.domain.surveys.questionnaire import Choice, Questionnaire, Wording


@dataclass(frozen=True, slots=True)
class Words:
    """One text in all languages."""

    key: str  # "title", "section:visit", "question:q1", "help:q1", "choice:q1:yes", "row:q1:desk"
    wording: Wording

    def lacks(self, language: str) -> bool:
        return not self.wording.get(language, "").strip()


def words_of(questionnaire: Questionnaire) -> Iterator[Words]:
    """All texts in the order in which they are read; what is empty in every language is left out."""
    found = [Words("title", questionnaire.title), Words("welcome", questionnaire.welcome)]
    for section in questionnaire.sections:
        found.append(Words(f"section:{section.code}", section.wording))
        for question in section.questions:
            found += [
                Words(f"question:{question.code}", question.wording),
                Words(f"help:{question.code}", question.help),
            ]
            found += [Words(f"row:{question.code}:{row.code}", row.wording) for row in question.rows]
            found += [Words(f"choice:{question.code}:{each.code}", each.wording) for each in question.choices]
    for each in (*found, Words("thanks", questionnaire.thanks)):
        if any(words.strip() for words in each.wording.values()):
            yield each


def with_words(questionnaire: Questionnaire, language: str, words: Mapping[str, str]) -> Questionnaire:
    """The questionnaire with these words, by their keys, in this language; an empty text takes the words away."""

    def told(key: str, wording: Wording) -> Wording:
        if key not in words:
            return wording
        kept = {other: text for other, text in wording.items() if other != language}
        return {**kept, language: words[key].strip()} if words[key].strip() else kept

    def listed(kind: str, code: str, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return tuple(replace(each, wording=told(f"{kind}:{code}:{each.code}", each.wording)) for each in choices)

    sections = tuple(
        replace(
            section,
            wording=told(f"section:{section.code}", section.wording),
            questions=tuple(
                replace(
                    question,
                    wording=told(f"question:{question.code}", question.wording),
                    help=told(f"help:{question.code}", question.help),
                    rows=listed("row", question.code, question.rows),
                    choices=listed("choice", question.code, question.choices),
                )
                for question in section.questions
            ),
        )
        for section in questionnaire.sections
    )
    return replace(
        questionnaire,
        sections=sections,
        title=told("title", questionnaire.title),
        welcome=told("welcome", questionnaire.welcome),
        thanks=told("thanks", questionnaire.thanks),
    )
