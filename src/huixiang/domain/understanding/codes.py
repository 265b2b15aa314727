"""Which letters and digits name a person or open a door? Mail, chat names, plates, passports; passwords and codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huixiang.domain.understanding.digits import Hit

_LETTER = "A-Za-z0-9"
_IS = r"\s{0,2}(?:号码|号|码|id)?\s{0,2}(?:就?是|为|[:=])?\s{0,2}"

_MAIL = re.compile(
    rf"(?:(?<![{_LETTER}._%+*-])[{_LETTER}][{_LETTER}._%+*-]{{0,63}}|(?P<han>[\u3400-\u9fff]{{1,4}})(?=@)) ?"
    rf"(?:@| at |[(\[]at[)\]]|艾特|#(?=(?:qq|163|126|sina)\.)) ?"
    rf"[{_LETTER}][{_LETTER}-]{{0,62}}"
    rf"(?: ?(?:[.。]|点|[(\[]dot[)\]]|(?<= )dot(?= )) ?[A-Za-z][{_LETTER}-]{{1,62}}){{1,4}}",
    re.IGNORECASE,
)
_MAIL_TOLD = re.compile(r"(?:邮箱|邮件地址|mail)(?:号|地址)?(?:是|为|:)\s?(?=[\u3400-\u9fff]{1,4}$)", re.IGNORECASE)
_QQ = re.compile(
    rf"(?:(?<![A-Za-z])(?:qq|扣扣|企鹅)|加我?q|(?<![A-Za-z])q(?=[号群:]))(?:群|号|邮箱)?{_IS}([1-9][0-9]{{4,11}})(?![0-9])",
    re.IGNORECASE,
)
_WECHAT = re.compile(
    r"(?P<add>加我?)?(?:微信|威信|薇信|(?<![A-Za-z])(?:weixin|wechat|vx|wx)|(?<=加)v)\s?(号码|号|id)?\s{0,2}(就?是|为|[:=])?\s{0,2}"
    r"([A-Za-z0-9][-_A-Za-z0-9]{4,19})(?![-_A-Za-z0-9])",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"(?:抖音|快手|小红书|钉钉|微博|陌陌|支付宝|头条|b站)(?:号码|号|id|账号|昵称)?\s?(?:就?是|为|[:=@])\s?([A-Za-z0-9][-_.A-Za-z0-9]{4,29})(?![-_A-Za-z0-9])|"
    r"(?:抖音|快手|小红书|钉钉|微博|陌陌|头条)(?:号码?|id|账号)\s?([A-Za-z0-9][-_.A-Za-z0-9]{4,29})(?![-_A-Za-z0-9])",
    re.IGNORECASE,
)
_PLATE = re.compile(
    # 更新A… and the like are versions, not cars of Xinjiang (新).
    r"(?<![更最全重翻创刷崭])[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使]"
    r"\s?(?!app)[A-HJ-NP-Z](?:[ \u00b7*.-]?"
    rf"(?:[DF][A-HJ-NP-Z0-9][0-9]{{4}}|[0-9]{{5}}[DF]|(?=[A-Z0-9]{{0,4}}[0-9])[A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳领])|"
    r"(?: [0-9]){5}|\*[0-9]{4})"
    rf"(?!(?!ETC)[{_LETTER}])",
    re.IGNORECASE,
)
# Of the armed police and the forces; and what stands after the word, however short.
_PLATE_OTHER = re.compile(
    rf"(?<![{_LETTER}])wj\s?[\u3400-\u9fff]?\s?[0-9]{{4,5}}[A-Z0-9]?(?![{_LETTER}])|"
    rf"[军海空][A-Z]\s?[0-9]{{5}}(?![{_LETTER}])|"
    rf"(?<=车牌)(?:号码|号)?{_IS}(?P<told>[\u3400-\u9fff]\s?[A-Z][ \u00b7]?[A-Z0-9]{{4,6}}|使[0-9]{{6}})"
    rf"(?![{_LETTER}])",
    re.IGNORECASE,
)
_PASSPORT_FORM = re.compile(
    rf"(?<![{_LETTER}])(?:[EG][0-9]{{8}}|E[A-HJ-NP-Z][0-9]{{7}}|[DSP]E?[0-9]{{7,8}})(?![{_LETTER}])", re.IGNORECASE
)
_PASSPORT_CUE = re.compile(
    rf"(?:护照|passport)(?:号码|号)?{_IS}([A-Za-z]{{0,2}} ?[0-9]{{6,9}}|[A-Za-z]{{1,2}} ?[0-9]{{3,4}} ?[0-9]{{4}})"
    rf"(?![{_LETTER}])",
    re.IGNORECASE,
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
_SPOKEN = "[〇○零一二三四五六七八九幺]{3,8}"
_EXPIRY = re.compile(
    r"有效期(?:限|至|到)?(?:就?是|为|[:=])?\s{0,2}((?:0[1-9]|1[0-2])\s?[/-]?\s?[2-4][0-9])(?![0-9/年月-])"
)
_OF_A_CARD = re.compile("卡号|信用卡|银行卡|卡片|我的?卡|cv[vn]|安全码|\0", re.IGNORECASE)
_SECRET = re.compile(
    rf"(?:{_C3_CUE})(?:[^\0。，,;；!！?？\n〔]{{0,6}}?(?P<link>就?是|为|[:=]|(?:改|设置?|换|变)(?:(?:成|为)了?|的)|叫)\s{{0,2}}{_NOT_SECRET}[\"'“‘「]?"
    rf"(?P<told>[A-Za-z0-9!#$%^&*_.@-]{{3,32}}|{_SPOKEN})|\s{{0,2}}(?:[0-9四五六八]位数?字?)?\s{{0,2}}{_NOT_SECRET}(?=[A-Za-z!#$%^&*_.@-]{{0,24}}[0-9])"
    r"(?P<bare>[A-Za-z0-9!#$%^&*_.@-]{3,32}|[0-9](?: [0-9]){3,7}(?! ?[0-9])))",
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
        told = match["told"] or ""
        if told.isascii() and told.isalpha() and match["link"] == "是" and len(told) < 6:
            continue  # 密码不对，真是TMD
        yield Hit(*match.span(name), "secret")
    for match in _EXPIRY.finditer(shadow):
        if _OF_A_CARD.search(shadow[max(0, match.start() - 40) : match.end() + 40]):  # that of a voucher may stay
            yield Hit(*match.span(1), "secret")
    for match in _SECRET_FIRST.finditer(shadow):
        yield Hit(*match.span(1), "secret")


def mail_hits(shadow: str) -> Iterator[Hit]:
    """Mail addresses, also with spaces or 点 in between, and with a Chinese name before the @."""
    for match in _MAIL.finditer(shadow):
        # 发到张三@qq.com: of Chinese characters the last two or three are the name.
        start = max(match.start(), match.end("han") - 3) if match["han"] else match.start()
        told = _MAIL_TOLD.search(shadow, max(0, start - 12), start)  # 邮箱是客服14a@…: all that follows is the address
        yield Hit(told.end() if told else start, match.end(), "email")


def chat_hits(shadow: str) -> Iterator[Hit]:
    """QQ and WeChat names after the word for them."""
    for match in _QQ.finditer(shadow):
        yield Hit(*match.span(1), "qq")
    for match in _WECHAT.finditer(shadow):
        # 微信wechat支付 tells no name: without 号 or a colon a name must hold a digit, - or _.
        if match["add"] or match[2] or match[3] or re.search("[-_0-9]", match[4]):
            yield Hit(*match.span(4), "wechat")
    for match in _SOCIAL.finditer(shadow):
        yield Hit(*match.span(match.lastindex or 0), "social")


def document_hits(shadow: str) -> Iterator[Hit]:
    """Number plates, passports and the permits of Hong Kong, Macau and Taiwan."""
    for match in _PLATE.finditer(shadow):
        yield Hit(*match.span(), "plate")
    for match in _PLATE_OTHER.finditer(shadow):
        yield Hit(*match.span("told" if match["told"] else 0), "plate")
    for cue, kind in ((_PASSPORT_CUE, "passport"), (_PERMIT_CUE, "permit")):
        for match in cue.finditer(shadow):
            yield Hit(*match.span(1), kind)
    for form, kind in ((_PASSPORT_FORM, "passport"), (_PERMIT_FORM, "permit")):
        for match in form.finditer(shadow):
            if not _DATED.match(match[0]) and not _TICKET.search(shadow[max(0, match.start() - 12) : match.start()]):
                yield Hit(*match.span(), kind)
