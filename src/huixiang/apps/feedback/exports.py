"""How do the voices chosen leave for a spreadsheet? Row by row in bounded memory; no cell can run as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.feedback import findings
from huixiang.apps.feedback.names import CHANNELS, KINDS, SENTIMENTS
from huixiang.channels import export
from huixiang.lake.questions import Voice

COLUMNS = (
    gettext_lazy("编号"),
    gettext_lazy("渠道"),
    gettext_lazy("时间"),
    gettext_lazy("机构号"),
    gettext_lazy("产品"),
    gettext_lazy("版本"),
    gettext_lazy("评分"),
    gettext_lazy("标题"),
    gettext_lazy("内容"),
    gettext_lazy("银行的回复"),
    gettext_lazy("情感"),
    gettext_lazy("负面概率"),
    gettext_lazy("中性概率"),
    gettext_lazy("正面概率"),
    gettext_lazy("判断来源"),
    gettext_lazy("性质"),
    gettext_lazy("事项"),
    gettext_lazy("风险"),
    gettext_lazy("关键短语"),
    gettext_lazy("重复于"),
    gettext_lazy("来源编号"),
    gettext_lazy("附件"),
)


def csv_lines(voices: Iterable[Voice]) -> Iterator[str]:
    return export.csv_lines(_header(), map(_cells, voices))


def write_sheet(voices: Iterable[Voice], path: Path) -> None:
    export.write_sheet(path, str(_("客户之声")), _header(), map(_cells, voices), {8: 60, 9: 60})


def _header() -> list[str]:
    return [str(name) for name in COLUMNS]


def _cells(voice: Voice) -> list[Any]:
    return [
        voice.id,
        str(CHANNELS.get(voice.channel, voice.channel)),
        _when(voice),
        voice.branch or "",
        voice.product,
        voice.product_version,
        "" if voice.rating is None else round(voice.rating, 2),
        voice.title,
        voice.text,
        voice.reply,
        str(SENTIMENTS.get(voice.sentiment, voice.sentiment)),
        round(voice.negative, 4),
        round(voice.neutral, 4),
        round(voice.positive, 4),
        voice.understood_by,
        str(KINDS.get(voice.kind or "", voice.kind or "")),
        "；".join(findings.path(code) for code in voice.topics),
        "；".join(findings.name("risks", code) for code in voice.risks),
        "；".join(voice.phrases),
        voice.duplicate_of or "",
        voice.source_id,
        "、".join(voice.attachments),
    ]


def _when(voice: Voice) -> str:
    """As exactly as is known, as on the page."""
    if voice.said_precision == "time":
        return timezone.localtime(voice.said_at).strftime("%Y-%m-%d %H:%M")
    return voice.said_on.isoformat() if voice.said_precision == "day" else _("日期不明")
