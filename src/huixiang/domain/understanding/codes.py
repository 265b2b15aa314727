"""Which letters and digits name a person or open a door? Mail, chat names, plates, passports; passwords and codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huixiang.domain.understanding.digits import Hit

_LETTER = "A-Za-z0-9"
_IS = r"\s{0,2}(?:号码|号|码|id)?\s{0,2}(?:就?是|为|[:=])?\s{0,2}"

_MAIL = re.compile(
    rf"(?<![{_LETTER}._%+-])[{_LETTER}][{_LETTER}._%+-]{{0,63}} ?(?:@| at |#(?=(?:qq|163|126|sina)\.)) ?"
    rf"[{_LETTER}][{_LETTER}-]{{0,62}}(?: ?(?:[.。]|点|\(dot\)) ?[A-Za-z][{_LETTER}-]{{1,62}}){{1,4}}",
    re.IGNORECASE,
)
_QQ = re.compile(rf"(?<![A-Za-z])(?:qq|扣扣|企鹅)(?:群|号|邮箱)?{_IS}([1-9][0-9]{{4,11}})(?![0-9])", re.IGNORECASE)
_WECHAT = re.compile(
    r"(?:微信|威信|薇信|(?<![A-Za-z])(?:weixin|wechat|vx|wx))(号码|号|id)?\s{0,2}(就?是|为|[:=])?\s{0,2}"
    r"([A-Za-z0-9][-_A-Za-z0-9]{4,19})(?![-_A-Za-z0-9])",
    re.IGNORECASE,
)
_PLATE = re.compile(
    # 更新A… and the like are versions, not cars of Xinjiang (新).
    r"(?<![更最全重翻创刷崭])[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使]"
    r"\s?(?!app)[A-HJ-NP-Z][ \u00b7*.-]?"
    rf"(?:[DF][A-HJ-NP-Z0-9][0-9]{{4}}|[0-9]{{5}}[DF]|(?=[A-Z0-9]{{0,4}}[0-9])[A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳领])"
    rf"(?![{_LETTER}])",
    re.IGNORECASE,
)
_PASSPORT_FORM = re.compile(
    rf"(?<![{_LETTER}])(?:[EG][0-9]{{8}}|E[A-HJ-NP-Z][0-9]{{7}}|[DSP]E?[0-9]{{7,8}})(?![{_LETTER}])", re.IGNORECASE
)
_PASSPORT_CUE = re.compile(
    rf"(?:护照|passport)(?:号码|号)?{_IS}([A-Za-z]{{0,2}}[0-9]{{6,9}})(?![{_LETTER}])", re.IGNORECASE
)
_PERMIT_FORM = re.compile(
    rf"(?<![{_LETTER}])(?:[CHMLT][0-9]{{8}}(?:[0-9]{{2}})?|C[A-HJ-NP-Z][0-9]{{7}}|[A-Z]{{1,2}}[0-9]{{6}}\([0-9A]\))(?![{_LETTER}])",
    re.IGNORECASE,
)
_PERMIT_CUE = re.compile(
    rf"(?:通行证|回乡证|台胞证|居住证|军官证|士官证|身份证)(?:号码|号)?{_IS}([A-Za-z]{{0,2}}[0-9]{{7,10}}(?:\([0-9A-Za-z]\))?)(?![{_LETTER}])",
    re.IGNORECASE,
)
_TICKET = re.compile(r"(?:订单|工单|流水|编|票|单|版本|型号)(?:编号|单号|号码|号|码)?[^0-9]{0,3}$")
_DATED = re.compile(r"[A-Za-z]{1,2}20[0-9]{2}(?:0[1-9]|1[0-2])")

_C3_CUE = (
    r"密码|密碼|口令|(?<![A-Za-z])(?:pin码?|pwd|password|cvv2?|cvc2?|cvn2?)(?![A-Za-z])|验证码|驗證碼|校验码|动态码|短信码|安全码|"
    r"卡背后?三位|背面三位"
)
_HOTLINES = r"955[0-9]{2}|12378|12363|12345|12315|10086|10010|10000|400[0-9]{7}|800[0-9]{7}"
_NOT_SECRET = rf"(?!(?:{_HOTLINES})(?![0-9])|[0-9]{{1,3}}\s?(?:位|次|秒|分|个|天|小时|条|遍|元|块|年|月|日|号|点|倍|%))"
_SECRET = re.compile(
    rf"(?:{_C3_CUE})(?:[^\0。，,;；!！?？\n〔]{{0,6}}?(?P<link>就?是|为|[:=]|改成|设成|设置成|叫)\s{{0,2}}{_NOT_SECRET}[\"'“‘「]?"
    rf"(?P<told>[A-Za-z0-9!#$%^&*_.@-]{{3,32}})|\s{{0,2}}{_NOT_SECRET}(?=[A-Za-z!#$%^&*_.@-]{{0,24}}[0-9])"
    r"(?P<bare>[A-Za-z0-9!#$%^&*_.@-]{3,32}))",
    re.IGNORECASE,
)
_SECRET_FIRST = re.compile(
    rf"(?<![0-9]){_NOT_SECRET}([0-9]{{3,8}})\s{{0,2}}(?:就?是|为|这个|的)\s{{0,2}}(?:我|你|您|他|她|银行|手机|短信)?的?\s{{0,2}}(?:{_C3_CUE})",
    re.IGNORECASE,
)


def secret_hits(shadow: str) -> Iterator[Hit]:
    """Passwords and codes after (or right before) the word for them: to be deleted, as JR/T 0171-2020 wants of C3."""
    for match in _SECRET.finditer(shadow):
        name = "told" if match["told"] else "bare"
        if match["told"] and match["link"] == "是" and not re.search("[0-9]", match["told"]) and len(match["told"]) < 6:
            continue  # 密码不对，真是TMD
        yield Hit(*match.span(name), "secret")
    for match in _SECRET_FIRST.finditer(shadow):
        yield Hit(*match.span(1), "secret")


def mail_hits(shadow: str) -> Iterator[Hit]:
    """Mail addresses, also with spaces or 点 in between."""
    for match in _MAIL.finditer(shadow):
        yield Hit(*match.span(), "email")


def chat_hits(shadow: str) -> Iterator[Hit]:
    """QQ and WeChat names after the word for them."""
    for match in _QQ.finditer(shadow):
        yield Hit(*match.span(1), "qq")
    for match in _WECHAT.finditer(shadow):
        # 微信wechat支付 tells no name: without 号 or a colon a name must hold a digit, - or _.
        if match[1] or match[2] or re.search("[-_0-9]", match[3]):
            yield Hit(*match.span(3), "wechat")


def document_hits(shadow: str) -> Iterator[Hit]:
    """Number plates, passports and the permits of Hong Kong, Macau and Taiwan."""
    for match in _PLATE.finditer(shadow):
        yield Hit(*match.span(), "plate")
    for cue, kind in ((_PASSPORT_CUE, "passport"), (_PERMIT_CUE, "permit")):
        for match in cue.finditer(shadow):
            yield Hit(*match.span(1), kind)
    for form, kind in ((_PASSPORT_FORM, "passport"), (_PERMIT_FORM, "permit")):
        for match in form.finditer(shadow):
            if not _DATED.match(match[0]) and not _TICKET.search(shadow[max(0, match.start() - 12) : match.start()]):
                yield Hit(*match.span(), kind)
