"""What do the demonstration's post boxes hold? One is at every outlet, and a few customers have written already."""

from __future__ import annotations

import typst
from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.intake import actions, codes, taking
from huixiang.apps.intake.actions.boxes import Terms
from huixiang.apps.intake.models import RETENTION_DAYS, PostBox
from huixiang.apps.intake.posters import FONT
from huixiang.apps.intake.receiving import Message, Receipt, receive
from huixiang.channels import pictures
from huixiang.web.demo import QUALITY_MANAGER

ACTOR = "cli:demo"
WRITTEN = [
    ("周三上午只开一个窗口，前面等了二十多个人，能不能多开一个？", 2, "13900000000", True),
    ("大堂的小李帮我妈妈一步一步装好了手机银行，特别耐心，谢谢！", 5, "", False),
    ("自助机旁边的填单台太高，坐轮椅的人够不着，建议放一张矮一点的。", 3, "lin@example.com", False),
    ("存单到期没有收到短信提醒，白白损失了几天利息。", 1, "", False),
]
ANSWER = "您好，谢谢您的建议。从下周一起，周三、周五上午增开两个窗口；老年客户可以走爱心窗口。欢迎继续监督。"
# What the first customer photographed: her number, with words as data and never as markup.
TICKET = """#set page(width: 62mm, height: auto, margin: 6mm, fill: rgb("#f7f5ef"))
#set text(font: sys.inputs.font, size: 10pt)
#set align(center)
#sys.inputs.branch #v(3mm) #text(size: 34pt, weight: "bold")[A047] #v(1mm) 个人业务 #v(2mm)
#text(size: 13pt)[前面还有 23 人等候] #v(3mm) 请留意叫号"""


def open_everywhere() -> None:
    """Once. The first message is answered; its tracking code is told, so that one can see what its sender sees."""
    if PostBox.objects.exists():
        return
    for unit in Unit.objects.filter(kind=Unit.Kind.OUTLET, closed_on=None):
        actions.open_box(unit, PostBox.Kind.BOX, Terms(f"{unit.name}意见箱"[:60], RETENTION_DAYS), by=ACTOR)
    site = Terms("官网意见与建议", RETENTION_DAYS, origins="http://127.0.0.1:8090")
    actions.open_box(Unit.objects.get(parent=None), PostBox.Kind.SITE, site, by=ACTOR)
    received = [_written(box, number) for number, box in enumerate(PostBox.objects.all()[1:5])]
    taking.take_in()
    manager = Staff.objects.get(number=QUALITY_MANAGER)
    actions.answer(received[0].submission.voice_id, ANSWER, by=manager, source="cli")
    count, code = PostBox.objects.count(), codes.grouped(received[0].code)
    print(f"意见箱：开了 {count} 个；在 /t/ 用查询码 {code} 可看到答复 / post boxes: {count}")  # noqa: T201


def _written(box: PostBox, number: int) -> Receipt:
    text, rating, contact, has_photo = WRITTEN[number % len(WRITTEN)]
    photos = [("叫号小票.png", _ticket(box))] if has_photo and FONT in typst.Fonts().families() else []
    return receive(box, Message(f"demonstration-{number}", text, rating, contact, photos), timezone.now())


def _ticket(box: PostBox) -> pictures.Picture:
    words = {"font": FONT, "branch": box.unit.name if box.unit else box.name}
    page = typst.compile(TICKET.encode(), format="png", ppi=220, sys_inputs=words)
    return pictures.cleaned(page, "ticket.png")
