"""Is a file that nobody described understood by its columns' names and what stands in them?"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from huixiang.channels import registry
from huixiang.channels.contract import Defaults, Row
from tests.channels.reading import table


def guessed(path: Path, header: str, row: str) -> dict[str, Any]:
    """The mapping guessed of eight rows; {d} is the row's number."""
    rows = [row.format(d=number).split(",") for number in range(1, 9)]
    return tomllib.loads(registry.guess(table(path, rows, header=header.split(","))).mapping)


def test_an_outlets_book_of_opinions(tmp_path: Path) -> None:
    header = "登记日期,网点,客户姓名,联系方式,客户意见,处理情况,满意程度"
    found = guessed(
        tmp_path / "网点意见簿.csv",
        header,
        "2024年3月{d}日,中山路网点,王{d},1380013800{d},排队太久第{d}次,已安抚,不满意",
    )
    assert found["channel"] == "suggestion_box"
    assert found["columns"] == {
        "text": "客户意见", "said_at": "登记日期", "branch": "网点", "customer": "联系方式",
        "contact": "联系方式", "rating": "满意程度",
    }  # fmt: skip
    assert found["ignore"] == ["客户姓名"]


def test_calls_of_the_hotline(tmp_path: Path) -> None:
    header = "流水,呼入时刻,坐席工号,来电号码,诉求摘要,业务大类,满意度评价"
    row = "LS{d},2024/3/{d} 9:05,8001,1391234567{d},客户反映转账失败第{d}次要求核实,转账,{d}"
    columns = guessed(tmp_path / "95588来电.csv", header, row.replace(",{d}", ",3"))["columns"]
    assert columns == {
        "source_id": "流水", "text": "诉求摘要", "said_at": "呼入时刻", "product": "业务大类", "customer": "来电号码",
        "contact": "来电号码", "rating": "满意度评价",
    }  # fmt: skip


def test_a_shops_reviews_whose_texts_are_short(tmp_path: Path) -> None:
    header = "用户评价内容,打分,评价日,机型,APP版本号,用户名称"
    found = guessed(tmp_path / "shop.csv", header, "好用{d},5,2024-03-0{d},华为P40,7.0.{d},小{d}")
    assert found["columns"] == {
        "text": "用户评价内容", "said_at": "评价日", "product_version": "APP版本号", "rating": "打分",
    }  # fmt: skip
    assert found["ignore"] == ["用户名称"]


def test_posts_with_counts_and_dates_without_a_year(tmp_path: Path) -> None:
    header = "博文,转发数,评论数,点赞数,发布于,博主"
    columns = guessed(tmp_path / "微博.csv", header, "银行又崩了{d},1,2{d},3,03月0{d}日 10:00,用户{d}")["columns"]
    assert columns == {"text": "博文", "reposts": "转发数", "comments": "评论数", "likes": "点赞数"}


@pytest.mark.parametrize(
    "above", [[["2026年9月客户意见明细表"]], [["明细表", "", "", ""], ["制表：消保部", "", "", "9月30日"]]]
)
def test_the_names_are_found_beneath_a_title(above: list[list[str]], tmp_path: Path) -> None:
    """As sheets of Chinese banks begin: what the table is called, and who made it."""
    data = [[str(n), "N11", f"2026/9/{n} 8:05", f"排队太久{n}"] for n in range(1, 9)]
    path = table(tmp_path / "a.csv", [*above[1:], ["序号", "网点", "时间", "客户意见"], *data], header=above[0])
    guess = registry.guess(path)
    found = tomllib.loads(guess.mapping)
    assert found["header"] == len(above) + 1
    assert found["columns"] == {"text": "客户意见", "said_at": "时间", "branch": "网点"}
    assert [row.fields["客户意见"] for row in guess.sample][:2] == ["排队太久1", "排队太久2"]


def test_a_questionnaires_export_gives_away_neither_place_nor_machine(tmp_path: Path) -> None:
    """As 问卷星 writes it: the address and its town would be the longest text."""
    header = "序号,提交答卷时间,所用时间,来源,来自IP,openid,1、您满意吗？,2、其他建议"
    found = guessed(tmp_path / "a.csv", header, "{d},2026/9/{d} 8:05,4{d}秒,微信,1.2.3.{d}(北京-北京),oX{d}y,5,排队{d}")
    assert (found["channel"], found["columns"]["text"]) == ("survey", "2、其他建议")
    assert found["ignore"] == ["来自IP", "openid", "序号"]
    told = guessed(tmp_path / "问卷.csv", "提交答卷时间,2、其他建议", "2026/9/{d} 8:05,(空)")
    assert told["missing"] == ["(空)"]


def test_who_wrote_a_post_is_left_out_where_no_number_tells_it(tmp_path: Path) -> None:
    header = "标题,摘要,发布时间,网站名称,作者,用户头像,粉丝数"
    found = guessed(tmp_path / "舆情.csv", header, "崩了{d},银行系统崩了{d},2026-09-0{d},微博,小王,http://x/{d},8")
    assert sorted(found["ignore"]) == ["作者", "用户头像"]


def test_of_several_dates_the_customers_own_and_of_two_texts_not_the_banks_answer(tmp_path: Path) -> None:
    header = "编号,创建时间,评论时间,受理时间,内容,客服回复"
    row = "{d},2024-03-0{d},2024-02-0{d},2024-03-0{d},很好{d},谢谢反馈我们会不断改进服务质量第{d}次"
    assert guessed(tmp_path / "a.csv", header, row)["columns"] == {
        "source_id": "编号", "text": "内容", "said_at": "评论时间", "received_at": "受理时间", "reply": "客服回复"
    }  # fmt: skip


@pytest.mark.parametrize("header", ["日期,客户反映问题,处理建议", "日期,诉求,建议", "日期,意见,整改建议"])
def test_what_the_staff_suggest_are_no_customers_words(header: str, tmp_path: Path) -> None:
    found = guessed(
        tmp_path / "a.csv",
        header,
        "2026-09-0{d},等了很久没有人理我希望贵行改进服务增加人手第{d}次来信,请网点尽快核实{d}",
    )
    assert found["columns"]["text"] == header.split(",")[1]


@pytest.mark.parametrize("first", ["W1,2026-05-01,好用", "W1,昨天,我叫王芳，手机13800138000", f"W1,昨天,{'太慢' * 60}"])
def test_a_first_row_that_holds_what_no_name_is_is_no_header(first: str, tmp_path: Path) -> None:
    found = guessed(tmp_path / "a.csv", first, "W{d},2026-05-0{d},柜员态度很好很耐心{d}")
    assert (found["header"], found["columns"]) == (0, {"said_at": "第2列", "text": "第3列"})


@pytest.mark.parametrize("header", ["a,b,c", "甲,乙,丙"])
def test_names_that_tell_nothing(header: str, tmp_path: Path) -> None:
    columns = guessed(tmp_path / "a.csv", header, "这是同一段很长很长很长的固定说明文字,2024-03-0{d},太慢{d}")[
        "columns"
    ]
    assert columns == {"text": header[-1], "said_at": header[2]}


@pytest.mark.parametrize(
    ("column", "value", "is_customer"),
    [
        ("客户号", "C100{d}", True),
        ("证件号码", "11010119900307{d}", True),
        ("邮箱", "a@example.com", True),
        ("客户", "张三", False),
        ("客户", "C100{d}", True),
        ("客户号", "张三", False),
        ("姓名", "张三{d}", False),
        ("投诉人姓名", "张三{d}", False),
        ("昵称", "机友{d}", False),
    ],
)
def test_a_customer_is_known_by_a_number_and_never_by_a_name(
    column: str, value: str, is_customer: bool, tmp_path: Path
) -> None:
    found = guessed(tmp_path / "a.csv", f"留言内容,留言时间,{column}", f"很好{{d}},2026-03-0{{d}},{value}")
    assert found["columns"].get("customer") == (column if is_customer else None)
    assert found.get("ignore", []) == ([] if is_customer or column.startswith("客户") else [column])


def contact(tmp_path: Path, columns: dict[str, str]) -> Any:
    """Where an answer would be sent, of a file with these columns beside what was said."""
    header = ",".join(["留言内容", "留言时间", *columns])
    found = guessed(tmp_path / "a.csv", header, ",".join(["很好{d}", "2026-03-0{d}", *columns.values()]))
    return found["columns"].get("contact")


MOBILE, ADDRESS, PAPER, CARD = "1381234567{d}", "wang{d}@example.com", "11010519491231{d}02X", "622202123456789{d}123"


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"手机号": MOBILE}, "手机号"),
        ({"客户号": "C{d}", "联系电话": "0571-8765432{d}"}, "联系电话"),
        ({"user_phone": MOBILE}, "user_phone"),
        ({"Customer Phone No.": MOBILE}, "Customer Phone No."),
        ({"E-mail": ADDRESS}, "E-mail"),
        ({"银行卡号": CARD, "银行卡预留手机号": MOBILE}, "银行卡预留手机号"),
        ({"邮箱": ADDRESS, "手机号码": MOBILE}, ["手机号码", "邮箱"]),  # the first that is filled
        ({"f7": "+86 138-1234-56{d}8"}, "f7"),  # by what stands there
        ({"甲": ADDRESS}, "甲"),
        # Papers, cards, accounts and numbers of the bank's, however much they look like a telephone.
        ({"身份证号": PAPER}, None),
        ({"证件号码": MOBILE}, None),
        ({"卡号": CARD}, None),
        ({"account_no": MOBILE}, None),
        ({"客户号": MOBILE}, None),
        ({"手机号对应卡号": CARD}, None),
        ({"联系方式": PAPER}, None),
        ({"f7": CARD}, None),
        ({"f7": PAPER}, None),
        ({"f7": "001234567{d}"}, None),
        ({"f7": "1380000000{d}"}, None),  # counting up
        # Somebody else's.
        ({"坐席电话": MOBILE}, None),
        ({"网点电话": "0571-8765432{d}"}, None),
        ({"紧急联系人电话": MOBILE}, None),
        ({"客户经理手机": MOBILE, "客户手机": MOBILE}, "客户手机"),
    ],
)
def test_where_to_answer_is_guessed_and_never_a_paper_a_card_or_anothers_telephone(
    columns: dict[str, str], wanted: Any, tmp_path: Path
) -> None:
    spread = {name: value.replace("4567{d}", "{d}567{d}") for name, value in columns.items()}
    assert contact(tmp_path, spread) == wanted


def test_a_number_of_the_banks_is_no_telephone_even_where_no_mapping_tells_a_contact(tmp_path: Path) -> None:
    mapping = 'format = "csv"\nchannel = "website"\n[columns]\ntext = "内容"\ncustomer = "%s"\n'
    reached = {}
    for column, value in {"客户号": "13812345678", "客户": "138 1234 5678", "会员": "0012345678"}.items():
        path = table(tmp_path / "a.csv", [["太慢", value]], header=["内容", column])
        form = registry.find("csv", mapping % column)
        (row,) = form.rows(path)
        assert isinstance(row, Row)
        reached[column] = form.record(row, Defaults()).contact  # type: ignore[union-attr]
    assert reached == {"客户号": "", "客户": "138 1234 5678", "会员": ""}


def test_a_class_of_customers_is_no_grade_of_risk(tmp_path: Path) -> None:
    header = "工单号,客户等级,投诉等级,风险等级,受理时间,工单内容"
    row = "T{d}000{d},金卡,一般,R{d},2026-03-0{d} 10:00,客户反映转账失败第{d}次要求核实"
    columns = guessed(tmp_path / "工单.csv", header, row)["columns"]
    assert columns["tier"] == "客户等级"
    row = row.replace("金卡", "资产{d}31457.25元，上月{d}00210.75元")
    assert "tier" not in guessed(tmp_path / "工单二.csv", header, row)["columns"], "amounts are no class"
