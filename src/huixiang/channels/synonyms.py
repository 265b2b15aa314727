"""What do banks, stores and vendors call the columns of feedback? Names by field, the likeliest first."""

from __future__ import annotations

import re

from huixiang.domain.feedback import Channel

# Compared without spaces, underscores, hyphens, brackets and case.
_NAMES = {
    "source_id": (
        "评论id 评论编号 留言编号 留言id 工单号 工单编号 投诉编号 流水号 流水 "
        "记录编号 反馈编号 问卷编号 编号 "
        "reviewid commentid feedbackid ticketid caseid recordid messageid sourceid slip id"
    ),
    "text": (
        "评论内容 评价内容 留言内容 反馈内容 投诉内容 意见内容 来电内容 通话内容 诉求内容 工单内容 问题描述 "
        "意见建议 客户原声 用户反馈 客户反馈 博文 正文 内容 评论 评价 留言 意见 诉求 文本 建议 "
        "content text comment reviewtext commenttext reviewbody review body message feedback opinion words description"
    ),
    "title": "评论标题 留言标题 标题 主题 title reviewtitle subject summary",
    "said_at": (
        "评论时间 评价时间 留言时间 反馈时间 投诉时间 来电时间 通话时间 发表时间 发布时间 提交时间 创建时间 "
        "评论日期 评价日期 评价日 发布日期 发布于 发表于 日期 时间 saidat createdat createtime created "
        "reviewdate commenttime datetime timestamp date "
        "time updatedat updated"
    ),
    "received_at": "受理时间 接收时间 登记时间 入库时间 receivedat",
    "branch": (
        "机构号 网点号 网点编号 机构编号 机构代码 机构 网点 支行 分行 所属机构 网点名称 机构名称 支行名称 "
        "branchcode branch outlet unit orgcode"
    ),
    "channel": "渠道 来源渠道 反馈渠道 channel",
    "product": "产品 业务 产品名称 业务类型 业务种类 应用名称 product appname service",
    "product_version": (
        "版本号 应用版本 app版本 版本 productversion appversion appversionname versionname reviewcreatedversion version"
    ),
    # Not 等级 alone: of risks, complaints and services there are grades too.
    "tier": (
        "客户等级 客户层级 客户级别 客户分层 客户星级 会员等级 会员级别 层级 "
        "customertier customerlevel customergrade tier"
    ),
    "customer": (
        "客户号 客户编号 客户代码 客户id 会员号 会员编号 会员id 用户id 用户编号 用户号 "
        "证件号 证件号码 身份证号 身份证号码 手机号 手机号码 联系方式 联系电话 电话 客户电话 来电号码 邮箱 "
        "客户 会员 用户 作者 customerid customerno customer userid memberid user author phone mobile email"
    ),
    "rating": "评分 星级 打分 得分 满意度 满意程度 评价等级 评论星级 用户评分 rating starrating stars star score",
    "reply": (
        "回复内容 官方回复 开发者回复 答复内容 处理结果 回复 答复 reply replycontent response developerresponse answer"
    ),
    "replied_at": "回复时间 开发者回复时间 官方回复时间 答复时间 replytime repliedat",
    "platform": "平台 发布平台 平台名称 媒体平台 站点 网站 应用市场 应用商店 platform site store",
    "author": "作者id 博主id 用户uid 微博uid authorid uid",
    "url": "链接 原文链接 博文链接 帖子链接 文章链接 url link permalink",
    "parent": "原微博id 原文id 原帖id 被转发id 转发自 父微博id 根微博id repostof retweetid retweetedid parentid rootid",
    "followers": "粉丝数 粉丝 粉丝量 followers followerscount followercount fans",
    "reposts": "转发数 转发量 转发 分享数 reposts repostscount repostcount shares sharecount retweets",
    "comments": "评论数 评论量 comments commentscount commentcount",
    "likes": "点赞数 点赞 点赞量 获赞数 likes likescount likecount attitudescount digg diggcount",
    "attachments": "附件 图片 附件地址 attachments attachment images",
}
NAMES: dict[str, tuple[str, ...]] = {field: tuple(names.split()) for field, names in _NAMES.items()}
# Names are no identity: all who are called 张三 would become one customer. These columns are left out.
_PEOPLE = (
    "用户昵称 昵称 用户名 用户名称 评论人 评论者 博主 作者 发布者 发布人 发帖人 "
    "客户姓名 客户名称 姓名 投诉人 来电人 反映人 联系人 "
    "nickname username customername fullname name"
)
PEOPLE = tuple(_PEOPLE.split())
# Nobody's name, and yet it leads to her: where she was, with what, and her picture.
_TRACES = (
    "来自ip ip地址 ip属地 用户ip 客户端ip 登录ip ip ipaddress iplocation clientip userip remoteaddr "
    "头像 头像地址 头像链接 用户头像 avatar avatarurl userimage userimageurl profileimageurl "
    "设备号 设备标识 设备id imei oaid deviceid openid unionid 微信openid"
)
PERSONAL = (*PEOPLE, *_TRACES.split())
# The staff suggest as well: these are no customer's words.
_OF_STAFF = re.compile("(?:处理|处置|办理|整改|解决|审核|审批|复核)建议")
PERSON = "person"  # in place of a field: whose column it is, and nothing is made of it
RUNNING_NUMBERS = frozenset({"序号", "行号", "no", "no.", "#", "index", "rownum"})
# Words in the names of the file and its columns that tell the channel.
CHANNELS: tuple[tuple[str, Channel], ...] = (
    ("意见箱|意见簿|suggestion", Channel.SUGGESTION_BOX),
    ("来电|通话|热线|坐席|hotline|call", Channel.HOTLINE),
    ("问卷|答卷|调查|survey|nps", Channel.SURVEY),
    ("微博|帖子|转发|social|weibo", Channel.SOCIAL),
    ("座谈|访谈|focus", Channel.FOCUS_GROUP),
    ("留言|官网|website", Channel.WEBSITE),
    ("评论|评价|应用市场|版本|review|app", Channel.APP_REVIEW),
)
_NOISE = re.compile(r"[\s_\-()（）\[\]【】:：]+")


def plain(name: str) -> str:
    return _NOISE.sub("", name).casefold()


def named(columns: list[str], field: str) -> list[str]:
    """The columns that bear a name of this field, the likeliest first."""
    plains = {plain(column): column for column in reversed(columns)}
    return [plains[name] for name in (PERSONAL if field == PERSON else NAMES[field]) if name in plains]


def is_person(column: str) -> bool:
    """Does the column by its name hold what people are called?"""
    whole = plain(column)
    return whole in PEOPLE or any(name in whole for name in PEOPLE if not name.isascii())


def identifies(value: str) -> bool:
    """Numbers and addresses belong to one customer, names to many."""
    return "@" in value or any(map(str.isdecimal, value))


def containing(columns: list[str]) -> list[tuple[str, str]]:
    """Columns whose names hold a name of a field, as 用户评价内容 does: (field, column), the longest name first.

    Only Chinese names: `id` is part of many a word. A channel guessed so would refuse rows whose words nobody mapped.
    """
    found = [
        (-len(name), place, field, column)
        for place, (field, names) in enumerate([*NAMES.items(), (PERSON, PERSONAL)])
        if field != "channel"
        for name in names
        if len(name) > 1 and not name.isascii()
        for column in columns
        if name in (_OF_STAFF.sub("", plain(column)) if field == "text" else plain(column))
    ]
    return [(field, column) for _length, _place, field, column in sorted(found)]


def channel(names: str) -> Channel | None:
    """Which channel do these names speak of?"""
    return next((channel for words, channel in CHANNELS if re.search(words, names, re.I)), None)
