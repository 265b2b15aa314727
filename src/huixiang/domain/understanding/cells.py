"""What may be kept of a table's cell? The name of its column tells more than the cell: 张三 under 户名 is a person."""

from __future__ import annotations

import re

from huixiang.domain.understanding.masking import MARKS, mask, mask_after

_WHOSE = "(?:客户|用户|会员|柜员|员工|坐席|座席|客服|本人|(?:投诉|申请|反映|联系|经办|收件|发件|[收付]款|持卡)人)?的?"
_ENGLISH = "(?:cust|customer|client|user|contact|caller|agent|staff|employee|home|mailing|bank|credit|debit|id)?"
_NUMBER = "(?:no|num|number|id)?"
# Kind → the names of its columns, without signs and in small letters.
_COLUMNS = {
    "name": (
        f"{_WHOSE}(?:真实)?(?:姓名|名字)|(?:客户|用户|会员|坐席|座席|柜员|员工|投诉人|联系人)名称?|[户账]户?名|签名|署名",
        "(?:投诉|申请|反映|联系|经办|代办|办理|持卡|开户|收件|发件|[收付]款|担保|投保)人|法人|法定代表人|法人代表",
        "(?:受理|客服|接线)?(?:坐席|座席)|(?:经办|受理)?柜员|客户经理|理财经理",
        f"{_ENGLISH}(?:full|real|first|last|nick)?name|agent|teller|caller",
    ),
    "identity": (
        f"{_WHOSE}(?:身份证件?|证件)(?:号码?)?",
        f"{_ENGLISH}(?:id|card|identity|cert|certificate)(?:no|num)|idcard",
    ),
    "card": ("(?:银行|信用|借记|储蓄|客户)?卡号码?", f"{_ENGLISH}card(?:no|num|number)"),
    "account": ("(?:客户|银行|[收付]款|交易)?[账帐](?:号|户号?)", "(?:acct|account)(?:no|num|number)"),
    "mobile": (
        f"{_WHOSE}(?:手机号?码?|移动电话|联系电话|联系方式|电话号?码?)|[来主]?[电叫]号码|回拨号码",
        f"{_ENGLISH}(?:mobile|phone|tel|telephone|cellphone){_NUMBER}",
    ),
    "email": (f"{_WHOSE}(?:电子)?(?:邮箱|邮件)(?:地址)?", f"{_ENGLISH}e?mail(?:address)?"),
    "address": (f"{_WHOSE}(?:(?:家庭|通讯|联系|邮寄|居住)?(?:地址|住址))", f"{_ENGLISH}addr(?:ess)?"),
    "wechat": ("微信号?", f"wechat{_NUMBER}"),
    "qq": ("qq号?码?",),
    "passport": ("护照号?码?", f"passport{_NUMBER}"),
    "plate": ("车牌号?码?",),
    "secret": ("(?:取款|查询|支付|登录|交易)?密码|口令|验证码", "cvv2?|cvn2?|password|pwd|pin"),
}
_KINDS = tuple((re.compile("|".join(names)), kind) for kind, names in _COLUMNS.items())
_APART = re.compile(r"[\s_./()（）【】\[\]:：*-]+")


def mask_cell(column: str, value: str) -> str:
    """Mask one cell: all of it where its column holds names, numbers or addresses of people, else as a text.

    >>> mask_cell("户名", "司马相如"), mask_cell("备注", "请回电13800138000")
    ('〔姓名〕', '请回电〔手机〕')
    """
    if not column:
        return mask(value).text
    kind = _kind(column)
    if kind and value.strip():
        return MARKS[kind]
    return mask_after(f"{column}：", value)[1]


def _kind(column: str) -> str | None:
    """Whose column is it by its name alone, written in any of the usual ways (CUST_NAME, custName, 客户 姓名)?"""
    plain = _APART.sub("", column).casefold()
    return next((kind for names, kind in _KINDS if names.fullmatch(plain)), None)
