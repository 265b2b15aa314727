"""What may follow what in a complaint? ONE table of verbs; pages, API, bulk work and imports all ask it.

How a case stands is a fold over its entries (`standing`); `refusal` says why a verb may not be done now. The picture
and the table in docs/methods/complaint-lifecycle.md are made of this table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from huixiang.domain.complaints import guards as g
from huixiang.domain.complaints import speaking as sp
from huixiang.domain.complaints.acting import Act
from huixiang.domain.complaints.guards import Guard
from huixiang.domain.complaints.rules import Pack
from huixiang.domain.complaints.running import Warned
from huixiang.domain.complaints.standing import LEARNS, Entry, Standing
from huixiang.domain.complaints.states import ENDED, KEPT, OPEN, OWED, WORKING, State

HANDLE, ASSIGN, APPROVE = "complaint.handle", "complaint.assign", "complaint.approve"
REGISTER, REVIEW, ARCHIVE = "complaint.register", "complaint.review", "complaint.archive"


@dataclass(frozen=True, slots=True)
class Verb:
    """What can be done. `to` None: the state stays, but for those in `moves`; `split` goes back to the one before.

    `clocks` are the kinds of `events.KINDS` that the clocks read of it; `asks` what must or may be said with it.
    """

    title: str
    english: str
    of: frozenset[State]
    to: State | None
    right: str
    guards: tuple[Guard, ...] = ()
    clocks: tuple[str, ...] = ()
    asks: tuple[str, ...] = ("words",)
    moves: Mapping[State, State] = field(default_factory=dict)

    def leads(self, state: State) -> State:
        return self.moves.get(state, self.to or state)


def _of(*states: State) -> frozenset[State]:
    return frozenset(states)


S = State
VERBS: dict[str, Verb] = {
    "register": Verb("登记", "Register", _of(S.NEW), S.REGISTERED, REGISTER, (g.knows_the_rule,), ("received",),
                     ("rule", "unit", "accused", "seriousness", "mandate")),
    "accept": Verb("受理", "Accept", _of(S.REGISTERED), S.ACCEPTED, HANDLE,
                   (g.told, sp.a_mandate_if_spoken_for), ("contacted", "accepted"),
                   ("told", "words")),
    "refuse": Verb("不予受理", "Refuse", _of(S.REGISTERED), S.REFUSED, HANDLE,
                   (g.a_reason_to_refuse, g.told_where_the_reason_asks, g.said, g.doer_is_free),
                   ("contacted", "accepted", "decided", "notified"), ("refusal", "told", "words")),
    "contact": Verb("记录联系", "Log a contact", OPEN, None, HANDLE, (g.a_whole_contact,), ("contacted",),
                    ("contact", "words")),
    "note": Verb("备注", "Add a note", KEPT, None, HANDLE, (g.said,), (), ("words", "mentions")),
    "attach": Verb("添加附件", "Attach a file", KEPT - {S.MERGED}, None, HANDLE, (g.a_checked_file,), (), ("file",)),
    "detach": Verb("撤下附件", "Withdraw a file", KEPT - {S.MERGED}, None, HANDLE, (g.is_attached, g.said), (),
                   ("file", "words")),
    "assign": Verb("分派", "Assign", WORKING, S.ASSIGNED, ASSIGN, (g.receiver_is_free, g.receiver_is_here), (),
                   ("to", "away", "words")),
    "take": Verb("开始调查", "Start to investigate", _of(S.ACCEPTED, S.ASSIGNED), S.INVESTIGATING, HANDLE,
                 (g.mine_or_free, g.doer_is_free), (), ()),
    "hand_over": Verb("移交其他机构", "Hand over to another unit", _of(S.REGISTERED, *WORKING), None, ASSIGN,
                      (g.another_unit, g.said), ("handed_over",), ("unit", "words"),
                      {state: S.ACCEPTED for state in WORKING}),
    "await": Verb("请投诉人补充", "Ask the complainant for more", _of(S.INVESTIGATING), S.AWAITING, HANDLE,
                  (g.told, g.said), (), ("told", "words")),
    "hear": Verb("投诉人已补充", "The complainant has answered", _of(S.AWAITING), S.INVESTIGATING, HANDLE, (g.said,)),
    "new_facts": Verb("收到新的事实和理由", "New facts and grounds", OWED, None, HANDLE, (g.said,), ("new_facts",),
                      ("words",), {S.PROPOSED: S.INVESTIGATING, S.DECIDED: S.INVESTIGATING}),
    "accuse": Verb("登记被投诉人与回避", "Note who is complained of", OPEN, None, HANDLE, (), (),
                   ("accused", "conflicts")),
    "grade": Verb("定级", "Grade", OPEN, None, HANDLE, (g.is_grade,), (), ("seriousness", "words")),
    "classify": Verb("分类", "Classify", KEPT, None, HANDLE, (g.classes_of_the_day,), (), ("classes",)),
    "acknowledge": Verb("知悉风险", "Know of the risk", KEPT, None, APPROVE, (g.known_by_the_level,)),
    # No clock stands still for it: the rules read so far name no such reason.
    "ask_mandate": Verb("请代理人补交授权委托书", "Ask the agent for a power of attorney", _of(S.REGISTERED, *WORKING),
                        None, HANDLE, (sp.a_mandate_is_missing, g.told, g.said), ("contacted",), ("told", "words")),
    "check_mandate": Verb("核对授权委托书", "Check the power of attorney", _of(S.REGISTERED, *WORKING), None, HANDLE,
                          (sp.a_mandate_was_looked_at,), (), ("mandate", "words")),
    "add_account": Verb("登记客户的另一账号", "Add another account of the same customer", KEPT, None, HANDLE,
                        (sp.another_account,), (), ("account",)),
    "tie": Verb("认定与另一件是同一客户", "Confirm that another case is of the same customer", KEPT, None, HANDLE,
                (sp.not_tied_yet,), (), ("case", "confirmed", "words")),
    "untie": Verb("撤销同一客户的认定", "Take back that it is the same customer", KEPT, None, HANDLE,
                  (sp.was_tied,), (), ("case", "words")),
    "suspect": Verb("判断是否恶意代理投诉", "Judge whether the agent acts in bad faith", KEPT, None, HANDLE,
                    (sp.a_suspicion, g.said), (), ("suspicion", "words")),
    "pause": Verb("暂停计时", "Pause the clock", _of(*WORKING, S.PROPOSED), None, HANDLE,
                  (g.a_pause_of_the_law, g.told, g.said), ("paused",), ("reason", "told", "words")),
    "resume": Verb("恢复计时", "Resume the clock", _of(*WORKING, S.PROPOSED, S.DECIDED), None, HANDLE,
                   (g.is_paused,), ("resumed",), ("reason", "words")),
    "ask_extension": Verb("申请延长期限", "Ask for an extension", _of(*WORKING, S.PROPOSED), None, HANDLE,
                          (g.none_is_asked, g.can_be_longer, g.in_time, g.said), (), ("rule", "words")),
    "approve_extension": Verb("批准延长", "Approve the extension", _of(*WORKING, S.PROPOSED), None, APPROVE,
                              (g.was_asked, g.approver_of_the_law, g.doer_is_free), (), ("words",)),
    "decline_extension": Verb("不批准延长", "Decline the extension", _of(*WORKING, S.PROPOSED), None, APPROVE,
                              (g.was_asked, g.said)),
    "extend": Verb("延长期限并告知", "Extend, and tell the complainant", _of(*WORKING, S.PROPOSED), None, HANDLE,
                   (g.was_asked, g.extension_is_whole, g.in_time), ("extended",), ("told", "words")),
    "decide": Verb("作出决定", "Decide", _of(S.INVESTIGATING), S.DECIDED, HANDLE,
                   (g.said, g.within_own_power, g.doer_is_free), ("decided",), ("fen", "words")),
    "propose": Verb("提交复核", "Propose for approval", _of(S.INVESTIGATING), S.PROPOSED, HANDLE,
                    (g.said, g.doer_is_free), (), ("fen", "words")),
    "approve": Verb("复核通过", "Approve", _of(S.PROPOSED), S.DECIDED, APPROVE,
                    (g.other_eyes, g.doer_is_free), ("decided",), ("words",)),
    "return": Verb("退回", "Send back", _of(S.PROPOSED), S.INVESTIGATING, APPROVE, (g.other_eyes, g.said)),
    "reply": Verb("答复并告知", "Reply", _of(S.DECIDED), S.REPLIED, HANDLE,
                  (g.told, g.said, g.a_whole_reply, g.doer_is_free), ("notified",),
                  ("told", "words", "grounds", "remedies")),
    "confirm": Verb("投诉人认可", "The complainant agrees", _of(S.REPLIED), None, HANDLE),
    "dispute": Verb("投诉人有异议", "The complainant disagrees", _of(S.REPLIED, S.CLOSED), S.DISPUTED, HANDLE,
                    (g.said,)),
    "mediate": Verb("进入调解", "Go to mediation", _of(S.REPLIED, S.DISPUTED), S.MEDIATION, HANDLE, (g.said,)),
    "settle": Verb("调解成功", "Mediation succeeded", _of(S.MEDIATION), S.REPLIED, HANDLE, (g.said,)),
    "fail_mediation": Verb("调解不成", "Mediation failed", _of(S.MEDIATION), S.DISPUTED, HANDLE, (g.said,)),
    "apply_review": Verb("申请核查", "Apply for review", _of(S.REPLIED, S.DISPUTED, S.CLOSED), S.REVIEW, HANDLE,
                         (g.review_in_time,), ("review_applied",), ("words",)),
    "decide_review": Verb("作出核查决定", "Decide the review", _of(S.REVIEW), S.REVIEWED, REVIEW,
                          (g.said, g.doer_is_free, g.new_eyes_from_above), (), ("words",)),
    "tell_review": Verb("告知核查决定", "Tell the review's decision", _of(S.REVIEWED), S.REPLIED, REVIEW,
                        (g.told, g.said), (), ("told", "words")),
    "reopen": Verb("重新办理", "Reopen", _of(S.REPLIED, S.DISPUTED, S.CLOSED, S.REFUSED), S.ACCEPTED, HANDLE,
                   (g.said,), ("reopened",)),
    "close": Verb("办结", "Close", _of(S.REPLIED, S.DISPUTED), S.CLOSED, HANDLE, (g.decided_and_told,)),
    "withdraw": Verb("投诉人撤回", "Withdrawn by the complainant", OPEN, S.WITHDRAWN, HANDLE, (g.said,),
                     ("withdrawn",)),
    "absorb": Verb("并入另一件到本件", "Take in another case", OWED, None, HANDLE,
                   (g.another_case, g.told_by_or_to_all, g.its_people_are_free), ("merged",),
                   ("case", "confirmed", "accused", "conflicts")),
    "merge": Verb("并入另一件", "Merge into another case", OWED, S.MERGED, HANDLE,
                  (g.another_case, g.holds_none, g.told_by_or_to_all), (), ("case", "confirmed")),
    "release": Verb("把并入的一件拆出", "Let a merged case go", KEPT - {S.MERGED}, None, HANDLE, (g.was_merged,),
                    ("split",), ("case",)),
    "split": Verb("拆出", "Split off", _of(S.MERGED), None, HANDLE, (g.into_this,), (), ("case",)),
    "archive": Verb("归档", "Archive", ENDED, S.ARCHIVED, ARCHIVE),
    "hold": Verb("转为仅存储", "Keep for storage only", frozenset(State) - {S.NEW}, None, ARCHIVE, (), (), ()),
}  # fmt: skip
# `register`, `attach` and `hold` have pages of their own; `absorb` and `release` come with `merge` and `split`.
PAIRED = frozenset({"register", "attach", "hold", "absorb", "release"})


def open_verbs(now: Standing) -> Iterator[tuple[str, Verb]]:
    """Which verbs does the state allow? What stands in the way of one beyond that, `refusal` tells."""
    offered = ((code, verb) for code, verb in VERBS.items() if now.state in verb.of)
    return ((code, verb) for code, verb in offered if not now.is_held or code in g.ASKED_FOR)


# An old register says what was done and when, not by whom nor in which words: of that it is not asked.
UNTOLD = frozenset({g.mine_or_free, g.within_own_power, g.a_whole_reply, g.new_eyes_from_above})


def refusal(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Why may this not be done? None where it may."""
    verb = VERBS[act.verb]
    if now.state not in verb.of:
        return Warned("现在的状态不能这样办理", "wrong_state")
    for guard in (g.in_order, g.not_held, g.not_of_himself, *verb.guards):
        if act.source and guard in UNTOLD:
            continue
        if found := guard(now, act, pack):
            return found
    return None


def after(now: Standing, entry: Entry) -> Standing:
    """How does a case stand after one more entry? Raises ValueError where the table has no such way."""
    verb = VERBS[entry.verb]
    if now.state not in verb.of:
        raise ValueError(f"{entry.verb} is not possible in the state {now.state}")
    is_held = now.is_held and entry.verb not in g.ASKED_FOR
    moved = replace(now, state=verb.leads(now.state), last_at=entry.at, is_held=is_held)
    if entry.verb == "merge":  # how it stood is what it goes back to when it is split off again
        return replace(moved, into=entry.told["case"], before=now)
    learns = LEARNS.get(entry.verb)
    found = learns(moved, entry) if learns else moved
    return found if found.last_at == entry.at else replace(found, last_at=entry.at)


def stand(entries: Iterable[Entry]) -> Standing:
    """How does the case of these entries stand?"""
    now = Standing()
    for entry in entries:
        now = after(now, entry)
    return now
