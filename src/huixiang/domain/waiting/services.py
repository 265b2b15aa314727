"""How do queue systems call the services that a standard names by code? Where the bank's mapping does not say it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

# Code in a standard's scope → as tickets print it. A bank whose system prints other words maps them ([services]).
_PRINTED: Mapping[str, tuple[str, ...]] = {
    "cash": ("现金存取", "现金业务", "存取款"),
    "transfer": ("转账汇款", "转账", "汇款"),
    "card": ("开卡换卡", "开卡", "换卡", "银行卡业务"),
    "account": ("账户信息变更", "账户业务", "开户销户"),
    "loss": ("挂失补办", "挂失"),
    "corporate": ("对公结算", "对公业务"),
}


def printed(codes: Collection[str]) -> frozenset[str]:
    """Under which names may tickets of these services stand? The code itself, and what systems usually print.

    >>> sorted(printed({"loss", "大额"}))
    ['loss', '大额', '挂失', '挂失补办']
    """
    return frozenset(codes).union(*(_PRINTED.get(code, ()) for code in codes))
