"""Who speaks in this turn? By a table of names that the bank may write anew; whoever is not in it is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from huixiang.channels.contract import Fault, quoted
from huixiang.domain.feedback import Side

# Compared without case and spaces. A number may follow, which for an agent is his own: 坐席 100123, agent_2, 客服01.
NAMES: Mapping[Side, tuple[str, ...]] = {
    Side.AGENT: (
        *["坐席", "座席", "客服", "客服代表", "客服专员", "客服人员", "话务员", "接线员", "坐席员", "员工", "服务代表"],
        *["agent", "operator", "csr", "rep", "representative", "advisor", "staff"],
    ),
    Side.CUSTOMER: (
        *["客户", "顾客", "用户", "来电人", "来电者", "来电客户", "主叫", "主叫方", "呼入方"],
        *["customer", "client", "caller", "user"],
    ),
    Side.SYSTEM: (
        *["系统", "语音导航", "机器人", "智能客服", "自动语音", "提示音"],
        *["system", "ivr", "bot", "robot"],
    ),
}
RULES = ("refuse", "as_before", "customer", "agent_first", "customer_first")
LONGEST_LABEL = 12  # characters
_REST = re.compile(r"[\s_\-#:：.·/（(\[【号]*(?P<number>[A-Za-z]{0,4}\d[\w\-]*)?[）)\]】号\s]*")
_PREFIX = re.compile(
    r"\s*[\[【(（]?(?P<name>[^\[\]【】()（）:：>\n]{1,24})(?:[\]】)）]\s*[:：]?|[:：>])\s*(?P<said>.*)", re.S
)


@dataclass(frozen=True)
class Speakers:
    """The table of names, and the rule for turns that name nobody."""

    names: Mapping[Side, tuple[str, ...]]
    rule: str = "refuse"

    @cached_property
    def _by_name(self) -> list[tuple[str, Side]]:
        """The longest first: 智能客服 is no 客服."""
        pairs = [(_plain(name), side) for side, names in self.names.items() for name in names]
        return sorted(pairs, key=lambda pair: -len(pair[0]))

    def find(self, label: str) -> tuple[Side, str] | None:
        """The side of this label, and the number that stands behind the name; None for a name not in the table."""
        plain = _plain(label)
        for name, side in self._by_name:
            if plain.startswith(name) and (rest := _REST.fullmatch(plain, len(name))):
                return side, (rest["number"] or "")
        return None

    def known(self, label: str, place: str) -> tuple[Side, str]:
        """As `find`. Raises Fault where the label is in no list."""
        found = self.find(label)
        if found is None:
            raise Fault(
                "%(place)s：说话人“%(found)s”不在名称表里；请在设置的 [speakers] 中写明是 agent、customer 还是 system",
                place=place,
                found=quoted(label.strip()),
            )
        return found

    def prefixed(self, text: str) -> tuple[str, str] | None:
        """“客户：我的卡丢了” is label and words, if the label is in the table; “注意：……” is words alone."""
        found = _PREFIX.fullmatch(text)
        return (found["name"], found["said"]) if found and self.find(found["name"]) else None

    def unnamed(self, place: str, text: str, before: Side | None, number: int) -> Side:
        """Whose is a turn that names nobody? `number` counts turns from 0. Raises Fault unless a rule was chosen.

        What stands before a colon may be somebody who is in no list: then a rule would give her words to another.
        """
        if self.rule == "customer":
            return Side.CUSTOMER
        if self.rule in {"agent_first", "customer_first"}:
            first = number % 2 == 0
            return Side.AGENT if first == (self.rule == "agent_first") else Side.CUSTOMER
        if self.rule == "as_before" and before is not None:
            return before
        if (begins := _PREFIX.fullmatch(text)) and len(label := begins["name"].strip()) <= LONGEST_LABEL:
            raise Fault(
                "%(place)s：没有说话人，分不出是坐席还是客户；“%(found)s”若是说话人，请在设置的 [speakers] 中写明"
                "是 agent、customer 还是 system",
                place=place,
                found=quoted(label),
            )
        raise Fault(
            "%(place)s：没有说话人，分不出是坐席还是客户；请补上说话人，或在设置中写明 without_speaker（%(rules)s）",
            place=place,
            rules="、".join(RULES[1:]),
        )


def _plain(label: str) -> str:
    return "".join(label.split()).casefold()
