"""Where does somebody live? Addresses down to the house number; a district or a road alone names nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huixiang.domain.understanding.digits import Hit

_NUMBER = r"(?:[0-9]{1,5}(?:[-/之][0-9]{1,5}){0,3}|[A-Za-z][0-9]{0,4}|[一二三四五六七八九十百零〇甲乙丙丁]{1,5})"
_FIRST = r"(?:号楼|号院|号|栋|幢|座|单元|组|室|(?<=[0-9])弄)"  # 大厦三楼 is open to all, 大厦3座 leads to a door
_UNIT = r"(?:号楼|号院|号|弄|栋|幢|座|单元|组|社|队|楼|层|室|房|户|院|门)"
_NO_DOOR = r"(?![线窗柜口机码令]|客服|客户)"
_ROAD = (
    r"(?:大街|大道|街道|公路|环路|胡同|小区|社区|花园|花苑|家园|公寓|大厦|广场|新村|公馆|别墅|山庄|家属院|宿舍|工业园|产业园|科技园|"
    r"[路街巷里道村屯庄镇乡苑园城庭府湾坊居院])(?:[东南西北中]{1,2}[段区里路街]|[东南西北中]{0,2}(?:[一二三四五六七八九十]{1,2}|[0-9]{1,2})[段期区里]|"
    r"[东南西北中]{1,2})?"
)
_HOUSE = re.compile(
    rf"(?P<road>{_ROAD})\s?第?(?P<number>{_NUMBER})\s?(?P<unit>{_FIRST}){_NO_DOOR}"
    rf"(?:\s?[-,，]?\s?{_NUMBER}\s?{_UNIT}{_NO_DOOR}){{0,5}}(?:\s?(?:[0-9]{{1,4}}(?:-[0-9]{{1,4}}){{1,2}}|[0-9]{{2,5}})(?![0-9元块万天次年月日个人分-]))?"
    rf"|(?:{_ROAD})[A-Za-z]座\s?[0-9]{{2,5}}"
    # No unit, or no road: three numbers with hyphens behind an estate, building and floor, building and staircase.
    rf"|(?P<estate>{_ROAD})\s?(?!20[0-9]{{2}}-)[0-9]{{1,3}}-[0-9]{{1,2}}-[0-9]{{2,5}}(?![0-9-])"
    rf"|(?:{_ROAD})\s?[0-9]{{1,4}}楼(?:\s?{_NUMBER}(?:层|单元|门)){{1,2}}(?:\s?[0-9]{{2,5}})?"
    r"|(?P<lone>[0-9]{1,3}(?:号楼|栋|幢|座)\s?[0-9一二三四五六七八九十]{1,2}(?:单元|门)\s?(?:[0-9]{2,4}|[0-9]{1,2}[楼层]))"
)
_REGION = re.compile("[省市区县旗州盟镇乡]")
_HAN_BEFORE = re.compile(r"[\u3400-\u9fffA-Za-z0-9 ·]{0,30}$")
# Where the sentence ends and the address begins. 家住 but not 家: 张家口, 石家庄 are places.
_OPEN_TO_ALL = re.compile(r"\s?的?(?:支行|分行|网点|营业|分理处|储蓄所|邮局|自助|ATM|取款机)")
_START = re.compile(
    r"家住|住在|现住|租住|居住|地址|住址|位于|坐落|寄到|寄往|送到|送往|邮寄|搬到|附近|[住在到是去从至自往我你您他她它们的了于叫为跟]|和(?!平)"
)


def address_hits(shadow: str) -> Iterator[Hit]:
    """Addresses from their first place name to the last number; reads at most 30 characters back."""
    free_from = 0
    for match in _HOUSE.finditer(shadow):
        begin = max(free_from, match.start() - 30)
        tail = _HAN_BEFORE.search(shadow[begin : match.start()])
        text = tail[0] if tail else ""
        cuts = [cut.end() for cut in _START.finditer(text)]
        start = match.start() - len(text) + (cuts[-1] if cuts else 0)
        while shadow[start] == " ":
            start += 1
        if _OPEN_TO_ALL.match(shadow, match.end()):
            continue  # where a branch stands is no secret
        if (start < match.start() or match["lone"]) and not _dated(match, shadow[start : match.start()]):
            yield Hit(start, match.end(), "address")
            free_from = match.end()


def _dated(match: re.Match[str], place: str) -> bool:
    """Is it a day rather than a door? 不知道30号, 城里5号: a road of one common character, a number up to 31."""
    number = match["number"] or ""
    small = number.isdigit() and int(number) <= 31
    bare = match["road"] not in (None, "路", "街", "巷") and len(match["road"] or "") == 1 and match["unit"] == "号"
    return small and bare and match[0].endswith("号") and not _REGION.search(place)
