"""How is a guessed mapping written down, so that a person sees what was guessed, and mends it?"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from huixiang.domain.feedback import Channel

_MEANING = {
    "text": "客户说的话",
    "title": "标题",
    "source_id": "每条反馈不变的编号",
    "said_at": "客户说话的时间",
    "received_at": "收到的时间",
    "branch": "机构号；若是名称，请在 [branches] 中对应到机构号",
    "channel": "渠道；请在 [channels] 中对应到渠道代码",
    "product": "产品或业务",
    "product_version": "应用版本",
    "customer": "认得出同一位客户的编号；只保存加密假名",
    "tier": "客户等级；按“客户等级”名单归类，名单里没有的记为未注明",
    "contact": "答复客户用的电话或邮箱；加密另存，到期删除",
    "rating": "评分",
    "reply": "回复",
    "attachments": "附件地址",
    "series": "来源；编号只在其中唯一",
    "platform": "平台或应用商店",
    "replied_at": "回复的时间",
    "author": "发布者；只保存加密假名",
    "url": "原文地址；不保存查询参数",
    "parent": "转发时，原帖的编号；转发而没有自己的话的，不算声音，只计传播",
    "followers": "粉丝数",
    "reposts": "转发数",
    "comments": "评论数",
    "likes": "点赞数",
}


@dataclass
class Draft:
    """A mapping in the making."""

    form: str
    encoding: str = ""
    delimiter: str = ""
    items: str = ""
    header: int = 1
    channel: Channel | None = None
    columns: dict[str, str] = field(default_factory=dict)
    contacts: list[str] = field(default_factory=list)  # the first of them that is filled counts
    scale: tuple[float, float] | None = None
    personal: list[str] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # how this file writes that nothing was answered
    kept: list[str] = field(default_factory=list)

    def toml(self) -> str:
        return "\n".join([*self._top(), "", "[columns]", *self._fields(), *self._scale()]) + "\n"

    def _top(self) -> list[str]:
        lines = ["# 根据列名和内容猜测的映射；请核对等号右边的列名，改正后导入。", f"format = {_quoted(self.form)}"]
        if self.encoding:
            lines.append(f"encoding = {_quoted(self.encoding)}")
        if self.delimiter and self.delimiter != ",":
            lines.append(f"delimiter = {_quoted(self.delimiter)}")
        if self.header == 0:
            lines.append("header = 0  # 没有表头，第 1 行就是数据：列按次序叫“第1列”“第2列”……")
        if self.header > 1:
            lines.append(f"header = {self.header}  # 列名在第 {self.header} 行，上面是标题")
        if self.items:
            lines.append(f"items = {_quoted(self.items)}  # 记录所在的列表")
        if self.channel and "channel" not in self.columns:
            lines.append(f"channel = {_quoted(self.channel)}")
        else:
            lines.append(f"# channel = {_quoted(Channel.OTHER)}  # 渠道：{'、'.join(Channel)}")
        if dropped := [*self.personal, *self.running]:
            lines.append(f"ignore = [{', '.join(map(_quoted, dropped))}]  # 不入库：其他个人信息、流水序号")
        if self.missing:
            lines.append(f"missing = [{', '.join(map(_quoted, self.missing))}]  # 这样写的是没有作答")
        if self.kept:
            names = "、".join(" ".join(name.split()) for name in self.kept[:40])
            lines.append("# 其余列原样保存在“其他信息”中：" + "".join(filter(str.isprintable, names)))
        return lines

    def _fields(self) -> list[str]:
        lines = []
        for name, meaning in _MEANING.items():
            if name == "contact" and len(self.contacts) > 1:
                lines.append(f"{name} = [{', '.join(map(_quoted, self.contacts))}]  # {meaning}；取先有内容的一列")
            elif column := self.columns.get(name) or "".join(self.contacts if name == "contact" else ()):
                lines.append(f"{name} = {_quoted(column)}  # {meaning}")
        if "said_at" not in self.columns:
            lines.append('# said_at = "…"  # 没有找到时间列：将以导入时间代替')
        if "source_id" not in self.columns:
            lines.append('# source_id = "…"  # 没有找到编号列：以整行内容和第几次出现来辨认')
        else:
            lines.append(
                '# series = "列名"  # 编号只在其中唯一的来源；整个文件一个来源时在 [columns] 前写 series = "…"'
            )
        return lines

    def _scale(self) -> list[str]:
        if "rating" not in self.columns or not self.scale or self.scale == (1, 5):
            return []
        low, high = self.scale
        return ["", "[rating]", f"scale = [{low:g}, {high:g}]  # 最低分、最高分，换算为 1 到 5"]


def _quoted(text: str) -> str:
    """A TOML string: as JSON's, but for one control character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
