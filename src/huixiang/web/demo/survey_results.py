"""Which surveys does the demonstration show results of? Those that the made-up bank asked after visits and cases."""

from __future__ import annotations

from pathlib import Path

from huixiang.apps.access.models import Unit
from huixiang.apps.feedback import importing
from huixiang.apps.feedback.models import Import
from huixiang.apps.surveys import actions
from huixiang.apps.surveys.actions.answers import Unwatched
from huixiang.apps.surveys.answer_format import FORMAT
from huixiang.apps.surveys.answer_guest import counts
from huixiang.apps.surveys.models import Survey, Version
from huixiang.channels import survey_answers
from huixiang.domain.surveys.plain import to_plain
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Section

ACTOR = "cli:demo"
VISIT_SLUG, CASE_SLUG = "daofang", "huifang"
# The words came as voices already (surveys.toml): the same numbers in the same series, so each answer finds its own.
VISIT_MAPPING = """\
[response]
number = "答卷编号"
at = "提交时间"
unit = "网点"
customer = "客户号"
[questions]
recommend = "推荐意愿(0-10)"
satisfied = "满意度(1-5)"
ease = "办理容易程度(1-7)"
words = "意见与建议"
[voices]
series = "visit"
"""
CASE_MAPPING = """\
[response]
number = "回访编号"
at = "提交时间"
unit = "网点"
customer = "客户号"
[questions]
process = "流程"
satisfied = "满意度(1-5)"
"""


def bring_answers(exports: Path) -> None:
    """Once; one that was broken off is brought again, and what came before is known."""
    for name, slug, asked, mapping, file in (
        ("到访问卷", VISIT_SLUG, _visit(), VISIT_MAPPING, exports / "surveys" / "答卷.csv"),
        ("业务回访", CASE_SLUG, _case(exports), CASE_MAPPING, exports / "surveys" / "业务回访.csv"),
    ):
        if file.exists() and asked and not _is_brought(file):
            version = _published(name, slug, asked)
            imported, _ = actions.open_answers(file, version, survey_answers.mapping(mapping), actor=ACTOR)
            importing.run(Unwatched(), str(imported.pk))
            told = counts(imported)
            print(f"{name}：{told['new']} 份答卷，{told['quarantined']} 行有误 / {told['new']} answers")  # noqa: T201


def _is_brought(file: Path) -> bool:
    return Import.objects.filter(format=FORMAT, file_name=file.name).exclude(finished_at=None).exists()


def _published(name: str, slug: str, asked: Questionnaire) -> Version:
    plain = to_plain(asked)
    fields = {"unit": Unit.objects.get(parent=None), "name": name, "state": Survey.State.CLOSED, "draft": plain}
    survey, _ = Survey.objects.get_or_create(slug=slug, defaults=fields)
    return Version.objects.get_or_create(survey=survey, number=1, defaults={"definition": plain})[0]


def _visit() -> Questionnaire:
    return _of_one_page(
        "到访网点之后",
        "After your visit",
        Question(
            "recommend",
            Kind.NPS,
            {"zh": "您会把我行推荐给亲友吗？", "en": "Would you recommend us?"},
            is_required=True,
        ),
        Question("satisfied", Kind.CSAT, {"zh": "这次服务您满意吗？", "en": "How satisfied are you?"}, most=5),
        Question("ease", Kind.CES, {"zh": "这次业务办得容易吗？", "en": "Was it easy?"}, most=7, aspect="办理容易"),
        Question("words", Kind.TEXT, {"zh": "您的意见与建议", "en": "What could we do better?"}),
    )


def _case(exports: Path) -> Questionnaire | None:
    """The processes stand in the file: each is a choice."""
    file = exports / "surveys" / "业务回访.csv"
    if not file.exists():
        return None
    rows = survey_answers.rows(file, survey_answers.AnswerMapping())
    names = sorted({row.fields.get("流程", "") for row in rows} - {""})
    choices = tuple(Choice(f"p{place}", {"zh": name}) for place, name in enumerate(names, 1))
    return _of_one_page(
        "业务办结之后",
        "After your case was closed",
        Question("process", Kind.SINGLE, {"zh": "办理的业务", "en": "Your case"}, choices=choices),
        Question("satisfied", Kind.CSAT, {"zh": "办理结果您满意吗？", "en": "How satisfied are you?"}, most=5),
    )


def _of_one_page(title: str, english: str, *questions: Question) -> Questionnaire:
    section = Section("s1", {"zh": title, "en": english}, questions)
    return Questionnaire({"zh": title, "en": english}, (section,), languages=("zh", "en"))
