"""What are channels and sentiments called on the pages? Their code names are the lake's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huixiang.domain.feedback import Channel

CHANNELS = {
    Channel.SUGGESTION_BOX.value: _("意见箱"),
    Channel.HOTLINE.value: _("客服热线"),
    Channel.WEBSITE.value: _("官方网站"),
    Channel.APP_REVIEW.value: _("应用商店评论"),
    Channel.SOCIAL.value: _("社交媒体"),
    Channel.SURVEY.value: _("问卷调查"),
    Channel.FOCUS_GROUP.value: _("焦点小组"),
    Channel.OTHER.value: _("其他渠道"),
}

KINDS = {
    "demand": _("诉求"),
    "expectation": _("期望"),
    "pain_point": _("痛点"),
    "praise": _("表扬"),
    "question": _("咨询"),
    "noise": _("无效"),
}

SENTIMENTS = {"negative": _("负面"), "neutral": _("中性"), "positive": _("正面")}

OUTCOMES = {
    "answered": _("接听"),
    "abandoned": _("客户放弃"),
    "timeout": _("超时退出"),
    "key": _("按键退出"),
    "empty": _("无坐席"),
    "lost": _("接通前中断"),
    "unfinished": _("未了结"),
}
SIDES = {"agent": _("坐席"), "customer": _("客户"), "system": _("系统")}
