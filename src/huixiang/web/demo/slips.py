"""What lay in the demonstration's suggestion boxes on paper? Drawn as people write: read, and some of it confirmed.

Not the pictures among the made-up bank's exports: their words are in the clerk's list as well, and would count twice.
"""

from __future__ import annotations

import io
from datetime import timedelta

import numpy as np
from django.utils import timezone
from PIL import Image, ImageFilter

from huixiang.apps.access.models import Job, Staff, Unit
from huixiang.apps.slips import actions, reading, taking
from huixiang.apps.slips.models import Slip
from huixiang.channels.paper.reading import is_there
from huixiang.simulation.exports.slips import has_font, picture
from huixiang.web.bilingual import both
from huixiang.web.demo.working import work_off

ACTOR = "cli:demo"
CONFIRMED = 9
WRITTEN = [
    "叫号屏幕字太小，我爸七十多岁看不清，总怕过号。",
    "谢谢3号窗口的小姑娘，帮我把存折上的旧账一笔一笔对清楚了。",
    "门口台阶没有扶手，下雨天滑，希望装一个。",
    "中午只有一个窗口，上班的人只有这个时间能来，能不能轮流吃饭？",
    "手机银行转账限额改一次要跑一趟网点，太麻烦了。",
    "大厅饮水机没有纸杯，老人等久了口渴。",
    "理财到期没有人通知，问了才知道已经躺在活期里半个月。",
    "保安大叔帮忙推轮椅，还给我妈找了座位，点赞！",
    "填单台的样表是三年前的，和现在的表对不上。",
    "自助机吞卡后打电话等了二十分钟才有人接。",
    "建议周末也开对公窗口，小店老板平时走不开。",
    "贷款材料交了三次，每次都说还差一样，希望一次说全。",
]
TWO = ("空调对着等候区吹，坐久了膝盖疼。", "希望ATM旁边放一副老花镜。")


def read_some() -> None:
    """Once, also where it was broken off, and only where a reader is installed, and a font that looks written."""
    if not is_there() or not has_font() or Slip.objects.filter(state=Slip.State.CONFIRMED).exists():
        return
    dice, today = np.random.default_rng(7), timezone.localdate()
    outlets = list(Unit.objects.filter(kind=Unit.Kind.OUTLET, closed_on=None).order_by("code")[:4])
    for number, content in enumerate(_sheets(dice)):
        unit, day = outlets[number % len(outlets)], today - timedelta(days=2 + number % 5)
        actions.bring_in([(f"意见单{number + 1:02d}.png", content)], unit, day, by=ACTOR, source="cli")
    work_off(Job.objects.filter(kind=reading.KIND, state=Job.State.WAITING).first())
    count = Slip.objects.count()
    sure = list(Slip.objects.sure().in_order().values_list("pk", flat=True)[:CONFIRMED])
    confirmed = actions.confirm_sure(sure, by=Staff.objects.get(number="10001"), source="cli")
    work_off(taking.begin_due(timezone.now()))
    print(both("纸质意见：读了 %(count)s 张，确认 %(confirmed)s 张", {"count": count, "confirmed": confirmed}))  # noqa: T201


def _sheets(dice: np.random.Generator) -> list[bytes]:
    """The slips one by one; one out of focus, one upside down, two on one sheet, and one that nobody wrote on."""
    plain = [picture(text, dice) for text in WRITTEN]
    blurred = _open(plain[-1]).resize((300, 78)).filter(ImageFilter.GaussianBlur(1.6)).resize((900, 234))
    upper, lower = (_open(picture(text, dice)) for text in TWO)
    both_on_one = Image.new("L", (upper.width, upper.height + 260 + lower.height), 250)
    both_on_one.paste(upper, (0, 0))
    both_on_one.paste(lower, (0, upper.height + 260))
    drawn = [blurred, _open(plain[-2]).rotate(180), both_on_one, Image.new("L", (680, 300), 250)]
    return [*plain[:-2], *map(_png, drawn)]


def _open(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("L")


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
