"""What does a branch's poster say? Chinese, whatever its printer reads; the code names the branch, signed."""

from __future__ import annotations

from dataclasses import replace

from huixiang.apps.access.models import Unit, bank_name
from huixiang.apps.intake import posters
from huixiang.apps.surveys import links
from huixiang.apps.surveys.models import Survey
from huixiang.domain.surveys.questionnaire import worded

SAID = posters.Call(
    call="请您打个分",
    how="用手机扫一扫，说说这次的感受\n几分钟就好，不必登录、不必留名",
    promise="每份回答都有人看，只用来改进服务",
)
ANONYMOUS = "匿名：不记姓名、手机号与网络地址，只记是哪一周；至少凑满十份才一起打乱入库。"
PLAIN = "不必留名；答案加密保存，只用于改进服务，文字入库前隐去姓名、电话、证件号等。"


def poster(survey: Survey, unit: Unit, origin: str) -> bytes:
    """A page of A4 as PDF. `origin`: where customers reach us, if the bank gave no name. Raises Fault."""
    latest = survey.latest
    name = worded(latest.questionnaire.title, "zh") if latest else ""
    return posters.poster(
        bank=bank_name(),
        unit=unit.name,
        name=name or survey.name,
        address=posters.public_address(links.public(survey, unit), origin),
        terms=ANONYMOUS if survey.is_anonymous else PLAIN,
        # Nobody types a signature: who types the short address answers all the same, for no branch.
        said=replace(SAID, typed=posters.public_address(links.public(survey), origin)),
    )


def file_name(survey: Survey, unit: Unit) -> str:
    return f"huixiang-survey-{survey.slug}-{unit.code}.pdf"
