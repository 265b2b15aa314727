"""What hangs in the branch to say what was done? One page A4 in Chinese: the newest deeds, and the code to say more.

Set as the post box's own poster is (apps.intake.posters): words reach typst as data, never as its markup.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typst

from huixiang.apps.intake.posters import FONT, code
from huixiang.apps.needs.models import Deed
from huixiang.channels.contract import Fault

PAGE = Path(__file__).with_name("did.typ")
MOST = 5  # fewer where they would have to be set too small for a wall


def poster(deeds: Sequence[Deed], *, bank: str, unit: str, name: str, address: str) -> bytes:
    """The PDF. Raises Fault where nothing is published, or where this machine has no Chinese letters."""
    if not deeds:
        raise Fault("这个意见箱还没有已发布的“您说，我们做”，没有可以印的")
    if FONT not in typst.Fonts().families():
        raise Fault("这台服务器没有中文字体，无法生成海报；请安装 Debian 软件包 fonts-noto-cjk")
    told = [{"said": each.said, "did": each.did, "day": f"{each.done_on:%Y-%m-%d}"} for each in deeds[:MOST]]
    words = {
        "bank": bank,
        "unit": unit,
        "name": name,
        "address": address.partition("://")[2],
        "code": code(address),
        "deeds": json.dumps(told, ensure_ascii=False),
        "call": "您说，我们做",
        "said": "您说",
        "did": "我们做",
        "more": "还想说点什么？扫一扫，不必登录、不必留名",
        "honest": "这里写的是做了什么、哪天做的；有没有用，请您接着说。",
        "font": FONT,
    }
    return typst.compile(PAGE, root=PAGE.parent, format="pdf", sys_inputs=words)
