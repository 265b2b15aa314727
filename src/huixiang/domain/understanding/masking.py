"""Can this text be stored without betraying who wrote it? Personal data becomes a marker, secrets are deleted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from huixiang.domain.understanding.addresses import address_hits
from huixiang.domain.understanding.codes import chat_hits, document_hits, mail_hits, secret_hits
from huixiang.domain.understanding.digits import Hit, digit_hits
from huixiang.domain.understanding.hidden import abroad_hits, hidden_hits
from huixiang.domain.understanding.names import COMMON, caller_hits, name_hits
from huixiang.domain.understanding.papers import birth_hits, paper_hits
from huixiang.domain.understanding.parted import parted_hits
from huixiang.domain.understanding.persons import LATIN, PERSON, latin_hits, person_hits
from huixiang.domain.understanding.shadow import BLANK, shadow, spoken

# Kind → what stands in its place. The brackets 〔〕 hardly occur in what customers write.
MARKS = {
    "identity": "〔身份证〕",
    "card": "〔银行卡〕",
    "account": "〔账号〕",
    "mobile": "〔手机〕",
    "landline": "〔电话〕",
    "email": "〔邮箱〕",
    "plate": "〔车牌〕",
    "passport": "〔护照〕",
    "permit": "〔证件〕",
    "firm": "〔企业代码〕",
    "birth": "〔生日〕",
    "address": "〔地址〕",
    "name": "〔姓名〕",
    "qq": "〔QQ〕",
    "wechat": "〔微信〕",
    "social": "〔社交账号〕",
    "secret": "〔密码已删除〕",
}
MARK = re.compile("|".join(map(re.escape, MARKS.values())))

# Nine texts in ten hold nothing at all. One quick look decides which rules are worth running.
_DIGITLIKE = "0-9〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖\u0660-\u0669\u06f0-\u06f9\u2460-\u249b０-９❶-❾𝟎-𝟿²³¹⁰-⁹₀-₉"
_NUMBERS = re.compile(f"(?:[{_DIGITLIKE}][^{_DIGITLIKE}]{{0,3}}){{4,}}|[*＊×●•xX#＃某]{{2}}")
_LETTERED = re.compile(
    "[@#]|[抖微钉快陌]|企鹅|红书|头条|[bB]站|[A-Za-z].{0,2}[0-9０-９]|[证證照].{0,4}[0-9０-９]|微信|威信|"
    "薇信|[加号][ :]?[vV]|[wW]e[cC]hat|"
    "扣扣|[qQ]{2}|加我?[qQ]|[qQ][号群:：]|艾特|[aA][tT][)\\]]|[vVwW][xX]| at "
)
_SECRETS = re.compile(
    "密码|密碼|口令|[pPＰｐ][iIｉＩwWｗＷａaA]|[cCＣｃ][vVＶｖ]|[证證]码|驗證碼|校验码|动态码|短信码|安全码|三位|有效期"
)
_HOUSES = re.compile(
    "[0-9０-９A-Za-z一二三四五六七八九十百零〇甲乙丙丁] ?[号弄栋幢座单组社队楼层室房户院]|[0-9]-[0-9]{1,2}-[0-9]"
)
_PEOPLE = re.compile(
    "先生|女[士仕]|小姐|太太|老师|师傅|阿姨|大[爷姐哥]|经理|行长|主[任管]|总监|律师|医生|警官|我[叫是]|本人|[姓户]名|名[叫字]|[系络件款卡户请办诉理保托益]人|落款|客户|柜员|保安|[签署]名|法人|代表人|生生|"
    "我(?:的|家)?[老妻丈爱媳儿女孩妈母爸父爷奶外姥哥姐弟妹岳婆公朋同男舅叔姑侄]|[位个名员人子儿公婆妈爸宝]叫|叫.{2,4}的|[员堂理安服工][小老]"
    f"|{COMMON}[总姐哥]"
)

_PAPERS = re.compile(
    "[官兵职警人队休员照留档]证|[驾行]驶证|驾照|档案|车架|大架|[vV][iI][nN]|识别|发动机|[份分行]证|代码|税号|执照|注册号|[A-Za-z]{2}[0-9]{2}|[0-9]{4}[A-Za-z]"
)
_BORN = re.compile("[0-9年日号]\\s?(?:出?生)|生日|出生|生于|[bB]irth|BIRTH|[dD][oO][bB]")
_RULES: tuple[tuple[re.Pattern[str], Callable[[str], Iterator[Hit]]], ...] = (
    (_SECRETS, secret_hits),
    (_LETTERED, mail_hits),
    (_LETTERED, chat_hits),
    (_PAPERS, paper_hits),
    (_BORN, birth_hits),
    (_NUMBERS, parted_hits),
    (_LETTERED, document_hits),
    (_NUMBERS, abroad_hits),
    (_NUMBERS, digit_hits),
    (_NUMBERS, hidden_hits),
    (_HOUSES, address_hits),
    (_PEOPLE, name_hits),
    (_NUMBERS, caller_hits),
    (LATIN, latin_hits),
    (PERSON, person_hits),
)

_GATES = tuple(dict.fromkeys(gate for gate, _ in _RULES))
# Characters of which each match of a gate holds one. Looking for one of a few characters takes a third of the time.
_HELD = {
    _SECRETS: re.compile("[码碼令位效pPＰｐcCＣｃ]"),
    _LETTERED: re.compile("[@#抖微钉快陌企红头证證照威薇扣艾A-Za-z]"),
    _PAPERS: re.compile("[证照案架别动码税注A-Za-z]"),
    _BORN: re.compile("[生bBdD]"),
    LATIN: re.compile("[A-Zm工]"),
}
_LOOKS = tuple((_HELD.get(gate, gate), gate) for gate in _GATES)
_ALOUD = (secret_hits, chat_hits, parted_hits, abroad_hits, digit_hits, hidden_hits)  # those that read 一三八… too


@dataclass(frozen=True, slots=True)
class Masked:
    """A text fit for storage, and how many pieces of each kind (keys of MARKS) were masked or deleted in it."""

    text: str
    counts: dict[str, int] = field(default_factory=dict)


def mask(text: str) -> Masked:
    """What may be kept of this text? Masking a masked text changes nothing; all but the hits stays as it was."""
    return _masked(text, [])[0]


def mask_after(before: str, text: str) -> tuple[str, str]:
    """What may be kept of two texts that are read as one? Words in the first announce what is in the second.

    A hit that reaches from one into the other leaves its marker in the first.
    """
    masked, (cut,) = _masked(before + text, [len(before)])
    return masked.text[:cut], masked.text[cut:]


def mask_parts(parts: Sequence[str]) -> tuple[list[str], set[str]]:
    """What may be kept of many texts that are read as one, a line each, and which names were said in them?"""
    whole, names = "\n".join(parts), set[str]()
    ends = [*accumulate(len(part) + 1 for part in parts)]
    masked, ends = _masked(whole + "\n", ends, names)
    return [masked.text[begin:end].removesuffix("\n") for begin, end in pairwise([0, *ends])], names


def _masked(text: str, cuts: Sequence[int], names: set[str] | None = None) -> tuple[Masked, list[int]]:
    """Masked, and where these places of the text have come to lie. `names` takes up the names that were found."""
    counts: Counter[str] = Counter()
    places = list(cuts)
    while True:
        # A marker ends numbers and names, so what stood beside a hit may be one itself now: look until none is left.
        hits = _found(text)
        if not hits:
            return Masked(text, dict(counts)), places
        if names is not None:
            names.update(text[hit.start : hit.end] for hit in hits if hit.kind == "name")
        text, places = _replaced(text, hits), [_moved(place, hits) for place in places]
        counts.update(hit.kind for hit in hits)


def _found(text: str) -> list[Hit]:
    plain = shadow(text)
    passed = [gate for held, gate in _LOOKS if held.search(plain) and (held is gate or gate.search(plain))]
    if not passed:
        return []
    rules = [rule for gate, rule in _RULES if gate in passed]
    return _hits(MARK.sub(lambda mark: BLANK * len(mark[0]), plain), rules)


def _hits(plain: str, rules: list[Callable[[str], Iterator[Hit]]]) -> list[Hit]:
    """All hits in order of place. A rule sees blanks where an earlier rule, which knows better, has hit."""
    kept: list[Hit] = []
    for rule in rules:
        plain = _kept(plain, rule(plain), kept)
    aloud = spoken(plain)
    if aloud is not None:
        for rule in rules:
            if rule in _ALOUD:
                aloud = _kept(aloud, rule(aloud), kept)
    return sorted(kept, key=lambda hit: hit.start)


def _kept(plain: str, found: Iterator[Hit], kept: list[Hit]) -> str:
    """Keep the hits that do not overlap one another, and blank them. The text is built once a rule, not once a hit."""
    pieces, end = [], 0
    for hit in sorted(found, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= end and BLANK not in plain[hit.start : hit.end]:
            kept.append(hit)
            pieces += [plain[end : hit.start], BLANK * (hit.end - hit.start)]
            end = hit.end
    return "".join([*pieces, plain[end:]]) if pieces else plain


def _replaced(text: str, hits: list[Hit]) -> str:
    pieces, end = [], 0
    for hit in hits:
        pieces += [text[end : hit.start], MARKS[hit.kind]]
        end = hit.end
    return "".join([*pieces, text[end:]])


def _moved(cut: int, hits: list[Hit]) -> int:
    """Where does a place of the text lie once the hits are replaced? Behind the marker, if it lay within a hit."""
    return cut + sum(len(MARKS[hit.kind]) - (min(hit.end, cut) - hit.start) for hit in hits if hit.start < cut)
