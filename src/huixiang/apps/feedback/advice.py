"""What should a person think of before this file comes in? Said next to the preview; nothing is kept from her."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from huixiang.apps.feedback import tiers
from huixiang.apps.feedback.actions import Choice
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.channels import registry
from huixiang.channels.contract import Fault, Row
from huixiang.channels.mapped import runs
from huixiang.channels.mapping import MISSING, Mapping
from huixiang.channels.registry import Guess
from huixiang.channels.synonyms import is_person
from huixiang.domain.feedback import Channel
from huixiang.domain.tiers import LONGEST_WORD

FEW = 5  # words quoted


def advice(guess: Guess, choice: Choice) -> list[str]:
    """Sentences, most important first."""
    try:
        mapping: Mapping | None = getattr(registry.find(choice.format, choice.mapping), "mapping", None)
    except Fault:
        return []  # the preview tells it
    if mapping is None:
        return []
    return [*_on_numbers(guess, choice, mapping), *_on_customers(guess, mapping), *_on_tiers(guess, mapping)]


def _on_numbers(guess: Guess, choice: Choice, mapping: Mapping) -> Iterator[str]:
    boxes = Channel.SUGGESTION_BOX in {choice.channel, mapping.channel}
    by_outlet = boxes and (choice.branch or "branch" in mapping.sources or "branch" in mapping.constants)
    if runs(guess.sample, mapping) and not by_outlet:  # each outlet's box counts for itself
        yield _(
            "编号是从小到大的流水号，别的来源也可能有同样的编号：同一渠道里编号相同的会当作同一条声音的新版本。"
            "请填写“来源”，让编号只在这个来源之内算数。"
        )


def _on_customers(guess: Guess, mapping: Mapping) -> Iterator[str]:
    source = mapping.sources.get("customer")
    names = [column for column in (source.columns if source else guess.columns) if is_person(column)]
    if present := [column for column in names if column in guess.columns]:
        yield _(
            "“%(column)s”是姓名或昵称，同名的人会被当作同一位客户，不宜作客户标识；"
            "请选择客户号、会员号、手机号等编号列，没有就留空。"
        ) % {"column": present[0]}


def _on_tiers(guess: Guess, mapping: Mapping) -> Iterator[str]:
    """What the list does not hold counts as unknown, and nobody should find that out by the figures."""
    source, known = mapping.sources.get("tier"), tiers.in_force()
    columns = source.columns if source else ()
    rows = [row.fields for row in guess.sample if isinstance(row, Row)]
    words = dict.fromkeys(row.get(column, "").strip() for row in rows for column in columns)
    if strange := [word for word in words if word and word not in MISSING and not known.code_of(word)]:
        told = _("、").join(_("“%(term)s”") % {"term": masked_value("", word)[:LONGEST_WORD]} for word in strange[:FEW])
        yield _("客户等级的名单里没有 %(words)s：这些声音按未注明计。总行可在“客户等级与权重”里补上写法。") % {
            "words": told
        }
