"""Whose name is it? Names after the words that announce them, and surnames before 先生, 女士, 经理."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huixiang.domain.understanding import dictionary
from huixiang.domain.understanding.digits import Hit
from huixiang.domain.understanding.lexicon import entries
from huixiang.domain.understanding.shadow import BLANK

_SURNAMES = entries("surnames.txt")
_COMPOUND = _SURNAMES["复姓"]
# Surnames that far oftener are plain words (和, 时, 于 …): alone they prove nothing.
_PLAIN = _SURNAMES["平常字"]
_SINGLE = _SURNAMES["单姓"] | _PLAIN
_WEAK = _PLAIN | _SURNAMES["虚字"]
_WORDS = _SURNAMES["不是姓名"]
_HAN = "\u3400-\u9fff"

_CUE = re.compile(
    r"(?P<sure>我叫|名叫|名字|姓名|户名|联[系络]人|落款|收件人|[收付]款人|持卡人|开户人|签名|署名|法定代表人)|"
    r"(?:申请人|委托人|受托人|受益人|经办人|代办人|办理人|投诉人|[存借贷]款人|担保人|投保人|法人|我[是系]|本人|客户(?:名称?|经理)?|大堂经理|理财经理|"
    r"柜员|经理|行长|主任|保安|[位个名人]叫|(?:孩子|儿子|女儿|老公|老婆|宝宝|我妈|我爸)叫|(?:员|经理|客服)叫|"
    r"(?P<kin>我(?:的|家)?(?:老婆|老公|妻子|丈夫|爱人|媳妇|儿子|女儿|孩子|妈妈?|母亲|爸爸?|父亲|爷爷|奶奶|外公|外婆|姥爷|姥姥|哥哥?|姐姐?|弟弟?|"
    r"妹妹?|女婿|儿媳|岳父|岳母|婆婆|公公|朋友|同事|同学|[男女]朋?友|舅舅|叔叔|姑姑|侄[子女]|外甥女?)))"
)
_LINK = r"\s{0,2}(?:就?是|叫做?|[:：])?\s{0,2}"
_ANNOUNCED = re.compile(
    rf"(?:{_CUE.pattern})(?P<link>{_LINK})(?P<name>[{_HAN}]{{2,8}}(?:[·•・.][{_HAN}]{{2,8}}){{0,2}})"
)
_TITLE = re.compile(
    rf"(?P<before>[{_HAN}]{{1,5}}?)\s?(?:先生|女士|小姐|太太|老师|师傅|阿姨|大爷|大姐|大哥|经理|行长|主任|主管|总监|律师(?!事务)|女仕)"
)
# 叫张伟的柜员; 张三，13800138000 (the number is blanked by now); 业务员小王, 王总: only the commonest surnames.
_CALLED = re.compile(
    rf"叫做?(?P<name>[{_HAN}]{{2,4}})的(?=柜员|经理|员工|工作人员|客服|业务员|大堂|[女男]|小伙|小姑娘|人|同志|客户|职员|保安|主管|行长)"
)
_CALLER = re.compile(
    rf"(?<![{_HAN}〕])(?P<name>[{_HAN}]{{2,4}})[，,、：:\s]{{0,2}}(?:[男女][，,、\s]{{1,2}})?"
    rf"(?:的?(?:联系)?(?:电话|手机|身份证|卡号|账号|微信|邮箱)(?:号码|号)?[:：\s]{{0,2}})?(?={BLANK})"
)
# 户名何美玲。 姓名方圆手机…: a name as long as a name is, up to a sign or the next field.
_FIELD = re.compile(
    rf"((?![和有与及或都能从向时那来连还后由问])[{_HAN}]{{2,3}})(?=$|(手机|电话|联系|身份证|证件|卡号|账号|邮箱|性别|住址|地址))"
)
COMMON = "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任沈姚卢姜崔]"
_FAMILIAR = re.compile(
    rf"(?:业务员|柜员|大堂|经理|保安|客服|员工|人员)(?P<small>[小老]{COMMON})(?P<next>[{_HAN}]?)|"
    rf"(?P<big>{COMMON})(?:(?<![{_HAN}].)|(?<=[找叫跟和给谢].))[总姐哥](?![{_HAN}])"
)
_END = frozenset("的了在是和与及跟说等于把被让给就又也都要有没不去来到从向对吗呢吧啊您你我他她它们这那什么哪请因想")


def name_hits(shadow: str) -> Iterator[Hit]:
    """Names by cue, then by title. Only a few characters after each cue are read, so time grows with the text alone."""
    at = 0
    while match := _ANNOUNCED.search(shadow, at):
        length = _announced(match)
        start = match.start("name")
        if length:
            yield Hit(start, start + length, "name")
        at = start + length  # the characters that are no name may hold the next cue: 经理联系人张三
    for match in _CALLED.finditer(shadow):
        if _likely(match["name"]) == len(match["name"]):
            yield Hit(*match.span("name"), "name")
    for match in _FAMILIAR.finditer(shadow):
        if (
            match["big"] or not match["next"] or not dictionary.has_word(match["small"][1] + match["next"])
        ):  # 客服小程序 is nobody
            yield Hit(*match.span("big" if match["big"] else "small"), "name")
    for match in _TITLE.finditer(shadow):
        length = _titled(match["before"])
        if length:
            yield Hit(match.end("before") - length, match.end("before"), "name")


def caller_hits(shadow: str) -> Iterator[Hit]:
    """Names right before a number that is masked already."""
    for match in _CALLER.finditer(shadow):
        if _likely(match["name"]) == len(match["name"]):
            yield Hit(*match.span("name"), "name")


def _announced(match: re.Match[str]) -> int:
    """How many characters after the cue are the name? 0 where it is none."""
    text, link = match["name"], match["link"].strip()
    if re.search("[·•・.]", text):
        return len(text) if match["sure"] or link else 0  # 阿里木·买买提
    if match["sure"] and (link or match["sure"] in ("我叫", "名叫")):
        return _certain(text)
    if match["sure"] and (field := _FIELD.match(text)):
        named = _certain(field[1]) or (field[2] and _surname(field[1]) and not _is_word(field[1]))
        return len(field[1]) if named else 0
    return _certain(text) if link in (":", "：") and not match["kin"] else _likely(text)


def _certain(text: str) -> int:
    """The name's length after a cue that leaves no doubt: only words of the language are kept out."""
    word, tag = dictionary.tag(text, False)[0]
    if _is_word(text) or (len(word) > _surname(text) and not tag.startswith("nr")):
        return 0
    if _surname(text):
        return 0 if text[0] in _PLAIN and text[1] in _END else _length(text)
    return len(text) if len(word) == 1 and len(text) <= 4 and not _END & set(text) else 0


def _likely(text: str) -> int:
    """The name's length after a cue that may be followed by anything: a surname and a given name must be there."""
    word, tag = dictionary.tag(text, False)[0]
    surname = _surname(text)
    if not surname or text[0] in _WEAK or _is_word(text) or (len(word) > surname and not tag.startswith("nr")):
        return 0
    length = _length(text)
    given, kind = dictionary.tag(text[surname:length] or text, False)[0]
    # 本人余额, 本人江边散步: a second word of the language tells that the first character was no surname.
    return 0 if len(given) > 1 and kind[0] not in "na" else length


def _is_word(text: str) -> bool:
    """Does a word or place begin here that a dictionary takes for a name? 司马相如 is one in spite of 司马."""
    return (text[:2] in _WORDS and not (text[:2] in _COMPOUND and len(text) > 2)) or text[:3] in _WORDS


def _surname(text: str) -> int:
    return 2 if text[:2] in _COMPOUND else 1 if text[0] in _SINGLE else 0


def _length(text: str) -> int:
    """Surname and given name: 王 丽 态度 ends before the first word that is no single character."""
    surname = _surname(text)
    pieces = dictionary.cut(text, False)
    if len(pieces[0]) > surname:
        return min(len(pieces[0]), surname + 2)
    given = 0
    for piece in dictionary.cut(text[surname:], False):
        if piece[0] in _END or given + len(piece) > 2 or (given and len(piece) > 1):
            break
        given += len(piece)
    return surname + given if given else 0


def _titled(before: str) -> int:
    """How many of the characters before 先生 are a name? The longest that can be one."""
    for start in range(max(0, len(before) - 4), len(before)):
        name, word_before = before[start:], before[start - 1 : start + 1] if start else ""
        surname = _surname(name)
        if not surname or (surname == 1 and (name in _PLAIN or dictionary.has_word(word_before))):
            continue
        given = name[surname:]
        if len(given) <= 2 and not _END & set(given) and not (given and _ordinary(name, surname)):
            return len(name)
    return 0


def _ordinary(name: str, surname: int) -> bool:
    """Is it a word of the language, or does one begin in it? 高级, 金融, 房贷 are nobody's names."""
    word, tag = dictionary.tag(name, False)[0]
    if _is_word(name):
        return True
    if tag.startswith("nr") and len(word) > surname:
        return False
    return len(word) > surname or name[0] in _PLAIN
