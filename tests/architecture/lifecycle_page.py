"""The page on the life of a complaint: its picture and its table, made of the one table of verbs."""

from __future__ import annotations

from huixiang.domain.complaints.lifecycle import PAIRED, VERBS, Verb
from huixiang.domain.complaints.states import NAMES, State

HEAD = """# 投诉的办理过程 · What may follow what in a complaint

由 `make docs` 从 `src/huixiang/domain/complaints/lifecycle.py` 的一张表生成，请勿手改。
页面、接口、批量与导入都只问这张表，所以没有别的路。
按公开文本设计，**待贵行合规核验**。

Made by `make docs` of the one table of verbs, which pages, API, bulk work and imports all ask; there is no other way
round. A state is a fold over the case's entries (`standing.py`); guards (`guards.py`) hold the law and the house's
rules. What an old register tells (`source` of a line) is held against the same table, but for what it cannot tell: who
did it, within which power, and how whole a reply was (`lifecycle.UNTOLD`).

How it was checked: `python -m tests.domain.complaints.walker --walks 20000 --seed 21`, random walks beside a
list of what must never be, in words of its own: 0 illegal. It prints how often each verb was taken, so that one no
walk ever takes is seen: the rarest were `settle` (114), `detach` (121) and `tell_review` (123); `acknowledge` 8,271,
since cases carry risks that go up the tree while time passes. On the table as it stands 1,000,000 walks
(6,340,078 steps; 250,000 of `--seed 29`, 375,000 each of 30 and 31), 0 illegal. Of an earlier
table walk 57,185 was: a decision fell since it was made by whom the complaint turned out to be about, and the innocent
handler lost the case with it; he keeps it now (`standing.py`). Of 17 guards each is taken away in turn
(`tests/domain/complaints/test_lifecycle.py`), and the walks notice it.

"""


def page() -> str:
    lines = [HEAD + "```mermaid", *_picture(), "```", "", *_table(), "", *_notes()]
    return "\n".join(lines) + "\n"


def _picture() -> list[str]:
    """States and what leads from one to another; what changes no state is in the table alone."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {state.value} : {NAMES[state][0]}" for state in State if state is not State.NEW]
    for old, new, titles in _ways():
        lines.append(f"    {'[*]' if old is State.NEW else old.value} --> {new.value} : {' / '.join(titles)}")
    return [*lines, "    archived --> [*]"]


def _ways() -> list[tuple[State, State, list[str]]]:
    ways: dict[tuple[State, State], list[str]] = {}
    for verb in VERBS.values():
        for old in State:
            if old in verb.of and (new := verb.leads(old)) is not old:
                ways.setdefault((old, new), []).append(verb.title)
    return [(old, new, titles) for (old, new), titles in ways.items()]


def _table() -> list[str]:
    head = ["办理 verb", "代码 code", "从 of", "到 to", "权限 right", "条件 guards", "计时事件 clock events"]
    rows = [_row(code, verb) for code, verb in VERBS.items()]
    return [_line(*head), _line(*["---"] * len(head)), *rows]


def _row(code: str, verb: Verb) -> str:
    of = "、".join(NAMES[state][0] for state in State if state in verb.of)
    to = NAMES[verb.to][0] if verb.to else "不变" if code != "split" else "并案前的状态"
    moves = [(old, verb.moves[old]) for old in State if verb.moves.get(old, old) is not old]
    to += "".join(f"；{NAMES[old][0]} → {NAMES[new][0]}" for old, new in moves)
    guards = "、".join(f"`{guard.__name__}`" for guard in verb.guards)
    title = f"{verb.title} {verb.english}" + ("（系统）" if code in PAIRED - {"register"} else "")
    return _line(title, f"`{code}`", of, to, f"`{verb.right}`", guards, "、".join(verb.clocks))


def _notes() -> list[str]:
    return [
        "对每个办理都成立：时间不早于上一条（`in_order`）、仅存储的不再办理（`not_held`）、被投诉人不得办理（`not_of_himself`）。",
        "登记被投诉人时，若他正在办理或写了尚未告知的决定，那份决定作废，投诉回到“调查中”；办理人就是他的，回到“已受理”另行分派。",
        "",
        "For every verb: no time before the last entry, no work on what is only stored, none by who is complained of.",
        "Who has the case, or wrote a decision that was not told yet, and is complained of later loses it at once.",
    ]


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
