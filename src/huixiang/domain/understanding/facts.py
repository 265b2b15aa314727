"""What happened, told without a word of feeling? Patterns such as 等了两个小时 and 钱没到账, written by hand."""

from __future__ import annotations

import re

from huixiang.domain.understanding.lexicon import entries

STRENGTH = {"怨": (-1.2, -1.2), "怨弱": (-0.7, -0.7), "赞": (0.7, 0.7), "久": (-0.7, -0.3), "诉": (-1.2, -0.1)}


class Facts:
    """Finds the patterns of data/facts.txt. Most texts hold no trigger, and cost one search."""

    def __init__(self) -> None:
        listed: dict[str, list[tuple[tuple[float, float], re.Pattern[str]]]] = {}
        for section, strength in STRENGTH.items():
            for entry in sorted(entries("facts.txt")[section]):
                triggers, pattern = entry.split("→")
                for trigger in triggers.split("|"):
                    listed.setdefault(trigger, []).append((strength, re.compile(pattern)))
        # 坑了 is found where 坑 would be: it asks for both.
        self._asked = {
            trigger: [each for part, patterns in listed.items() if part in trigger for each in patterns]
            for trigger in listed
        }
        self._trigger = re.compile("|".join(sorted(self._asked, key=len, reverse=True)))

    def heard(self, normal: str, *, chatter: bool) -> tuple[float, float]:
        """Praise and blame of the facts told, both counted upwards; each pattern counts once."""
        found = self._trigger.findall(normal)
        if not found:
            return 0.0, 0.0
        asked = {pattern: strength for trigger in dict.fromkeys(found) for strength, pattern in self._asked[trigger]}
        told = [strength[chatter] for pattern, strength in asked.items() if pattern.search(normal)]
        return sum(each for each in told if each > 0), -sum(each for each in told if each < 0)
