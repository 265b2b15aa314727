"""What hangs beside the counter? One page A4 in Chinese: the bank, the branch, the code to scan, and what is promised.

Set by typst on this machine; what a manager typed reaches it as data, never as its markup. The letters are Noto Sans
CJK of the Debian package fonts-noto-cjk; where no Chinese letters are installed nothing is printed, and it is said.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from huixiang.channels.contract import Fault

PAGE = Path(__file__).with_name("poster.typ")
FONT = "Noto Sans CJK SC"
LONGEST_TERMS = 130  # characters at the foot; a longer note is read on the page that the code leads to


def code(address: str, *, scale: int = 4) -> str:
    """The QR code as SVG. Level Q: a quarter of it may be scratched or in the shade."""
    target = io.BytesIO()
    segno.make(address, error="q", micro=False).save(
        target,
        kind="svg",
        scale=scale,
        border=2,
        omitsize=True,
        xmldecl=False,
        dark="#0d3238",
        light="#ffffff",
        title=_("二维码"),
    )
    return target.getvalue().decode()


@dataclass(frozen=True, slots=True)
class Call:
    """What a poster says in large letters. Chinese, whatever its printer reads."""

    call: str
    how: str
    promise: str
    typed: str = ""  # what one types who cannot scan, where the code's own address is too long for it


BOX = Call(
    call="您的话，有人听",
    how="用手机扫一扫，说说您的感受\n表扬、批评、建议都可以，不必登录、不必留名",
    promise="提交后会得到查询码，凭码可以看到进展与答复",
)


def poster(*, bank: str, unit: str, name: str, address: str, terms: str, said: Call = BOX) -> bytes:
    """The PDF. Raises Fault where this machine has no Chinese letters."""
    if FONT not in typst.Fonts().families():
        raise Fault("这台服务器没有中文字体，无法生成海报；请安装 Debian 软件包 fonts-noto-cjk")
    words = {
        "bank": bank,
        "unit": unit,
        "name": name,
        "address": (said.typed or address).partition("://")[2],
        "code": code(address),
        "terms": terms if len(terms) <= LONGEST_TERMS else "个人信息怎样保护，请看扫码后的页面。",
        "call": said.call,
        "how": said.how,
        "promise": said.promise,
        "font": FONT,
    }
    # Without a time stamp of its own each print of the same box is the same file.
    return typst.compile(PAGE, root=PAGE.parent, format="pdf", sys_inputs=words)


def public_address(path: str, asked_by: str) -> str:
    """Where customers reach it: under the name that the bank gave, else under the one that staff use."""
    return f"{settings.PUBLIC_URL or asked_by}{path}"
