"""Who may do what? The one table of rights; door.py checks it before every page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

RIGHTS = {
    "overview.see": _("看总览"),
    "voice.see": _("看客户之声（已脱敏）"),
    "voice.correct": _("更正系统的理解"),
    "voice.export": _("导出客户之声"),
    "voice.erase": _("应客户要求删除声音"),
    "attachment.see": _("看客户发来的照片与附件（未脱敏）"),
    "contact.see": _("看客户为得到答复留下的联系方式"),
    "voice.answer": _("答复客户"),
    "retention.see": _("看各渠道个人信息的保存期限"),
    "retention.manage": _("设定各渠道个人信息的保存期限（限全行范围）"),
    "box.manage": _("开关意见箱与官网留言，打印海报"),
    "idea.file": _("提建议、看同事的建议与结果"),
    "idea.answer": _("答复与采纳员工的建议"),
    "slip.enter": _("录入纸质意见（含未脱敏的图像）"),
    "message.send": _("转交客户的留言（银行自己的网站）"),
    "complaint.see": _("看投诉（已脱敏）"),
    "complaint.register": _("登记投诉"),
    "complaint.handle": _("受理、调查、答复投诉"),
    "complaint.assign": _("分派、移交投诉"),
    "complaint.approve": _("审批投诉的延长、决定与补偿"),
    "complaint.review": _("核查下级机构的投诉处理"),
    "complaint.identity": _("看投诉人的姓名与联系方式"),
    "complaint.export": _("导出投诉、其记录与登记簿（已脱敏）"),
    "complaint.return": _("编制投诉监管统计报表，维护其分母"),
    "complaint.return_approve": _("审批投诉监管统计报表（编制人以外）"),
    "complaint.template": _("维护投诉公文模板与信头（限全行范围）"),
    "complaint.webhook": _("向其他系统推送投诉事件（限全行范围）"),
    "complaint.import": _("导入旧的投诉登记簿"),
    "complaint.signal": _("研判投诉的聚集信号"),
    "complaint.voice_rule": _("维护声音转投诉的规则（限全行范围）"),
    "complaint.rules": _("提出与审批投诉规则、提醒、营业时间与节假日（限全行范围）"),
    "complaint.archive": _("投诉归档，看仅供存储的投诉"),
    "hotline.see": _("看热线（限全行范围）"),
    "waiting.see": _("看网点的等候与排队叫号"),
    "digital.see": _("看电子渠道：谁还来柜面，走到哪一步，何处出错"),
    "focus.see": _("看焦点小组（已脱敏）"),
    "focus.moderate": _("组织座谈：登记参加者与同意，导入记录"),
    "focus.code": _("给座谈发言编码"),
    "focus.manage": _("设计研究，维护代码本与主题，裁定分歧"),
    "focus.contact": _("看座谈参加者的联系方式"),
    "focus.export": _("导出焦点小组的编码与报告"),
    "survey.see": _("看问卷与结果"),
    "survey.manage": _("编制、发布与结束问卷"),
    "survey.send": _("抽样并发送问卷"),
    "survey.export": _("导出问卷的答案"),
    "names.manage": _("维护银行名称词典（限全行范围）"),
    "need.see": _("看需求库"),
    "need.manage": _("提出、确认、合并、拆分需求"),
    "need.decide": _("对需求作出决定"),
    "need.export": _("导出需求库"),
    "standard.see": _("看服务标准与达标情况"),
    "standard.edit": _("编写、导入服务标准（限全行范围）"),
    "standard.approve": _("审批服务标准（编写人以外，限全行范围）"),
    "inspection.see": _("看检查的得分、问题与结果"),
    "inspection.do": _("填写检查与神秘人走访"),
    "inspection.plan": _("抽取检查计划，看未开始的检查"),
    "inspection.approve": _("审批检查计划（抽取人以外）"),
    "inspection.answer": _("认领或申诉本机构的检查问题"),
    "inspection.decide": _("裁定检查申诉（检查人与申诉人以外）"),
    "inspection.calibrate": _("看检查员的宽严与校准"),
    "inspection.export": _("导出检查与检查问题"),
    "inspection.import": _("导入其他系统的检查"),
    "import.see": _("看导入"),
    "import.run": _("导入文件"),
    "source.see": _("看定时收取的来源"),
    "source.manage": _("维护定时收取的来源"),
    "quarantine.mend": _("查看并修正被隔离的原始行"),
    "model.manage": _("训练、启用与撤回理解模型"),
    "job.see": _("看后台任务"),
    "job.cancel": _("取消后台任务"),
    "organisation.see": _("看机构与人员"),
    "organisation.change": _("维护机构与人员"),
    "audit.see": _("看审计记录"),
    "service.own": _("看自己窗口的办理时长"),
    "service.team": _("看本机构柜员的办理时长"),
    "view.embed": _("把保存的视图嵌入行内其他网页"),
    "token.own": _("管理自己的接口令牌"),
}

_SEES = {
    "overview.see",
    "waiting.see",
    "digital.see",
    "voice.see",
    "need.see",
    "survey.see",
    "standard.see",
    "organisation.see",
    "token.own",
}
_TALKS = {"focus.see", "focus.code"}
_INSPECTS = {"inspection.see", "inspection.do"}
_NEEDS = {"need.manage", "need.export"}
_COMPLAINTS = {
    "complaint.see",
    "complaint.register",
    "complaint.handle",
    "complaint.assign",
    "complaint.identity",
}
_ANSWERS = {"attachment.see", "contact.see", "voice.answer", "slip.enter"}

# Role → rights. A post gives its role's rights inside its unit and all units below.
_ROLES: dict[str, frozenset[str]] = {
    "quality_manager": frozenset(RIGHTS) - {"organisation.change", "audit.see"},
    "complaint_handler": frozenset(_SEES | _TALKS | _ANSWERS | _COMPLAINTS | {"voice.correct", "hotline.see"}),
    "branch_manager": frozenset(
        _SEES
        | _NEEDS
        | _ANSWERS
        | _COMPLAINTS
        | {"complaint.approve", "complaint.export", "complaint.review", "complaint.signal"}
        | {"complaint.return", "complaint.return_approve"}
        | {"focus.see", "focus.moderate", "focus.contact"}
        | _INSPECTS  # cross inspections are made by managers of other branches
        | {"inspection.answer", "inspection.export"}
        | {
            "idea.answer",
            "service.team",
            "need.decide",
            "voice.correct",
            "voice.export",
            "import.see",
            "source.see",
            "box.manage",
            "survey.manage",
            "survey.send",
        }
    ),
    "staff": frozenset(
        {"overview.see", "complaint.register", "standard.see"}
    ),  # whoever is told of it first takes it down
    "inspector": frozenset(_SEES | _INSPECTS | {"complaint.see", "hotline.see", "focus.see"}),
    "analyst": frozenset(
        _SEES
        | _NEEDS
        | _TALKS
        | {"focus.manage", "focus.moderate", "focus.export"}
        | {"standard.edit", "inspection.see", "inspection.export"}
        | {
            "hotline.see",
            "voice.correct",
            "voice.export",
            "import.see",
            "import.run",
            "source.see",
            "job.see",
            "survey.manage",
            "survey.export",
        }
    ),
    "care_officer": frozenset({"overview.see"}),
    "auditor": frozenset(
        {"inspection.see", "audit.see", "import.see", "source.see", "job.see", "organisation.see", "token.own"}
    ),
    "administrator": frozenset(
        {
            *("organisation.see", "organisation.change", "job.see", "job.cancel", "token.own", "message.send"),
            "retention.manage",
            "complaint.webhook",
        }
    ),
}

# Everyone takes part: whoever works here may say what would be better, and knows how long customers' words are kept.
ROLES = {role: rights | {"idea.file", "retention.see", "service.own"} for role, rights in _ROLES.items()}

ROLE_NAMES = {
    "quality_manager": _("服务质量管理员"),
    "complaint_handler": _("投诉处理员"),
    "branch_manager": _("网点负责人"),
    "staff": _("员工"),
    "inspector": _("检查员"),
    "analyst": _("分析员"),
    "care_officer": _("员工关爱专员"),
    "auditor": _("审计员"),
    "administrator": _("系统管理员"),
}
