"""What may be kept of a table's cell? The name of its column tells more than the cell: 张三 under 户名 is a person."""

from __future__ import annotations

import re

from huixiang.domain.understanding.masking import MARKS, mask, mask_after

_WHOSE = "(?:客户|用户|会员|投诉人|申请人|反映人|联系人|经办人|柜员|员工|坐席|座席|客服|本人|收件人|发件人|[收付]款人|持卡人)?的?"
_COLUMNS = {
    "name": rf"{_WHOSE}(?:姓名|名字|真实姓名)|(?:客户|用户|会员|坐席|座席|柜员|员工|投诉人|联系人)名称?|户名|账户名|联系人|"
    r"(?:投诉|申请|反映|经办|代办|办理|持卡|开户|收件|发件|[收付]款|担保|投保)人|法人|法定代表人|坐席|座席|受理坐席|客服坐席|柜员|经办柜员|签名|署名|"
    r"(?:full|real|first|last|nick|cust|customer|client|user|contact|agent|teller|caller|staff|employee)?name|agent|teller|caller",
    "identity": rf"{_WHOSE}(?:身份证|证件|身份证件)(?:号码?)?|(?:id|idcard|identity|certificate|cert)(?:no|num|number)|idcard",
    "card": r"(?:银行|信用|借记|储蓄|客户)?卡号码?|(?:bank|credit|debit)?card(?:no|num|number)",
    "account": r"(?:客户|银行|[收付]款|交易)?(?:账号|帐号|账户号?|帐户号?)|(?:acct|account)(?:no|num|number)",
    "mobile": rf"{_WHOSE}(?:手机号?码?|移动电话|联系电话|联系方式|电话号?码?|来电号码|主叫号码|回拨号码)|"
    r"(?:cust|customer|contact|caller)?(?:mobile|phone|tel|telephone|cellphone|msisdn)(?:no|num|number)?",
    "email": rf"{_WHOSE}(?:邮箱|电子邮箱|电子邮件|邮箱地址)|e?mail(?:address)?",
    "address": rf"{_WHOSE}(?:地址|住址|家庭住址|家庭地址|通讯地址|联系地址|邮寄地址)|(?:home|postal|mailing)?addr(?:ess)?",
    "wechat": r"微信号?|wechat(?:id)?",
    "qq": r"qq号?码?",
    "passport": r"护照号?码?|passport(?:no|num|number)?",
    "plate": r"车牌号?码?",
    "secret": r"(?:取款|查询|支付|登录|交易)?密码|口令|验证码|cvv2?|cvn2?|password|pwd|pin",
}
_KINDS = tuple((re.compile(names), kind) for kind, names in _COLUMNS.items())
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
