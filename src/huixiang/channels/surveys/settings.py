"""What does a LimeSurvey survey as a whole do over there, and is to be set here anew? Each with its place."""

from __future__ import annotations

from collections.abc import Iterator

from huixiang.channels.contract import marked
from huixiang.channels.surveys.tables import Line, Tables
from huixiang.channels.surveys.words import plain_of

Told = tuple[Line, str, str]  # where, its name there, why and what to do

_ANONYMOUS = {
    "Y": marked("原问卷是匿名的；匿名不随文件导入，请在发布前自己选定，发布后不能改"),
    # Inherited: the group's setting is not in the file.
    "I": marked("原问卷是否匿名随其调查组的设置，文件里没有写；请查清后在发布前自己选定，发布后不能改"),
}
_DATES = {
    "startdate": marked("开始的时间没有导入；请到时再开放"),
    "expires": marked("截止的时间没有导入；请到时结束，或发送时写明期限"),
}
_WORDS = {
    "surveyls_description": marked("问卷的描述没有导入；客户要看的请写进开头的话"),
    "surveyls_policy_notice": marked("隐私说明没有导入；请写进开头的话"),
    "surveyls_legal_notice": marked("法律声明没有导入；请写进开头的话"),
    "surveyls_url": marked("结束后转到的网址没有导入；请写进结束的话"),
}
_FULL = marked("名额已满时说的话和网址没有导入；客户会看到本系统的说明")
_PARAMETER = marked("网址里的参数没有导入；网点的海报和邀请链接自带机构")
_ASSESSMENT = marked("评分规则（assessments）没有导入；打分题的结果见“结果”页")


def untaken(tables: Tables) -> Iterator[Told]:
    """Of each kind once: a survey has the same words in each of its languages."""
    yield from _of_survey(tables["surveys"][:1])
    for name, why in _WORDS.items():
        for line in [each for each in tables["surveys_languagesettings"] if plain_of(each[name])][:1]:
            yield line, name, why
    yield from _of_quotas(tables)
    for line in tables["surveyurlparameters"]:
        yield line, line["parameter"], _PARAMETER
    for line in tables["assessments"][:1]:
        yield line, line["name"], _ASSESSMENT


def _of_survey(lines: list[Line]) -> Iterator[Told]:
    for line in lines:
        if why := _ANONYMOUS.get(line["anonymized"]):
            yield line, "anonymized", why
        for name, told in _DATES.items():
            if line[name].strip():
                yield line, name, told


def _of_quotas(tables: Tables) -> Iterator[Told]:
    seen = set()
    for line in tables["quota_languagesettings"]:
        quota = line["quotals_quota_id"]
        if quota not in seen and (plain_of(line["quotals_message"]) or line["quotals_url"].strip()):
            seen.add(quota)
            names = [each["name"] for each in tables.having("quota", "id", quota)]
            yield line, names[0] if names else quota, _FULL
