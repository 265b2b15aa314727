"""What are the audit's verbs and objects called? A verb without a name here is shown by its code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.rights import RIGHTS

# A refused attempt is recorded under the right that was missing, hence the rights' names as well.
VERB_NAMES = RIGHTS | {
    "audit.export": _("导出审计记录"),
    "audit.verify": _("核验审计链"),
    "erasure.end": _("删除完成"),
    "erasure.find": _("按客户号查找要删除的声音"),
    "erasure.repeat": _("再次删除（备份恢复之后）"),
    "import.drop": _("放弃上传"),
    "import.end": _("导入结束"),
    "import.preview": _("预览上传的文件"),
    "import.resume": _("继续导入"),
    "import.run": _("开始导入"),
    "import.upload": _("上传文件"),
    "job.cancel": _("取消后台任务"),
    "login": _("登录"),
    "logout": _("退出"),
    "nightly": _("每夜例行"),
    "organisation.import": _("导入机构与人员"),
    "password.change": _("修改密码"),
    "password.issue": _("发放一次性密码"),
    "post.change": _("修改任职"),
    "post.end": _("结束任职"),
    "post.give": _("任职"),
    "quarantine.discard": _("放弃隔离行"),
    "quarantine.export": _("导出隔离行"),
    "quarantine.mend": _("修正隔离行"),
    "quarantine.read": _("查看隔离行原文"),
    "quarantine.retry": _("重试隔离行"),
    "quarantine.return": _("交回改好的隔离行"),
    "staff.change": _("修改人员信息"),
    "staff.create": _("新建人员"),
    "staff.deactivate": _("停用人员"),
    "staff.reactivate": _("恢复人员"),
    "staff.read": _("查看人员信息"),
    "token.create": _("新建令牌"),
    "token.revoke": _("吊销令牌"),
    "unit.change": _("修改机构"),
    "unit.create": _("新建机构"),
    "unit.move": _("调整上级机构"),
    "voice.correct": _("更正一条声音"),
    "voice.export": _("导出客户之声"),
    "voice.read": _("查看客户之声"),
}

KIND_NAMES = {
    "api": _("接口"),
    "audit": _("审计"),
    "erasure": _("删除"),
    "import": _("导入"),
    "job": _("任务"),
    "loop": _("例行"),
    "organisation": _("机构树"),
    "page": _("页面"),
    "quarantined": _("隔离行"),
    "staff": _("人员"),
    "token": _("令牌"),
    "unit": _("机构"),
    "voice": _("声音"),
}
