"""What can be done from the command line? `huixiang COMMAND`: one file per command under commands/."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

from huixiang.channels.contract import Fault
from huixiang.web import logs
from huixiang.web.bilingual import both_of

# Command → its one-line help. Each module offers add_arguments(parser) and run(args) -> exit code.
COMMANDS = {
    "understand": "理解一个文件里的文本，无需数据库 / understand the texts of a file, without a database",
    "similar": "找出相似的问答与案例，无需数据库 / find answers and cases that are alike, without a database",
    "models": "用本行标注训练与评价模型 / learn from the bank's labels, and score models",
    "plugins": "外接模型：检查设置与预算 / outside models: settings and budget",
    "taxonomy": "检查、查看、导出分类与风险规则 / check, show and export the rule books",
    "import": "导入一个反馈文件 / import a file of feedback",
    "slips": "读取纸质意见的扫描件与照片 / read scans and photos of paper slips",
    "hotline": "热线：等待、放弃、服务水平、重复来电 / how well the hotline is reached",
    "digital": "智能化渠道：谁还来柜面、办到哪一步、故障 / who comes to the counter, funnels, outages",
    "waiting": "等候：时长、久等与弃号 / how long people wait at the branches",
    "focus": "焦点小组：查看座谈，导入记录 / focus groups: list talks, bring in a record",
    "reviews": "APP评价：星级、版本、回复、集中涌现 / how the app is judged in the stores",
    "social": "社交媒体：传播、声量占比、银行名称 / reach, share of voice and the names of banks",
    "complaints": "投诉：按规则包计算期限，核验记录 / complaints: deadlines by dated rules, records verified",
    "standards": "服务标准：查看、检查、导入、导出 / service standards as files: list, lint, import, export",
    "inspections": "检查：抽取计划、查看、导入、导出 / inspections: draw plans, list, import, export",
    "subscriptions": "订阅的视图：查看、立即送出 / subscribed views: list, send now",
    "sources": "定时收取的来源：查看、立即收取 / sources polled: list, poll now",
    "surveys": "问卷：列出、检查、导入、导出、答案、结果 / surveys: questionnaires, answers, results",
    "serve": "启动网页与后台任务 / serve the pages and work the jobs",
    "migrate": "建立或升级数据库 / create or upgrade the database",
    "demo": "装入演示银行 / fill a demonstration bank",
    "staff": "新建人员与首个管理员 / create staff and the first administrator",
    "organisation": "导入机构与人员 / import units and staff",
    "audit": "核验审计链 / verify the audit chain",
    "jobs": "接管失联的后台任务 / take over jobs of dead workers",
    "lake": "整理数据湖 / tidy the lake",
    "engine": "大数据量的计算引擎：检查集群 / where what is heavy is counted: check the cluster",
    "simulate": "模拟一家银行，写出各系统的导出文件 / write the exports of a made-up bank",
    "retention": "个人信息的保存期限：查看、设定 / what is kept of customers, and how long",
    "nightly": "跑一遍每夜例行 / run the nightly round",
}
_MODULES = {"import": "import_"}  # a keyword in Python


def main(argv: list[str] | None = None) -> int:
    """The exit code; 1 with one message where a person can mend it, 2 where the settings do not allow a start."""
    logs.hook()
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever reads our output, as `head` does, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains once more at its end
        return 0
    except Fault as fault:
        print(both_of(fault), file=sys.stderr)  # noqa: T201
        return 1
    except Exception as error:
        from django.core.exceptions import ImproperlyConfigured

        if not isinstance(error, ImproperlyConfigured):
            raise
        print(error, file=sys.stderr)  # noqa: T201
        return 2


def _run(argv: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    if argv[:1] == ["manage"]:  # Django's own commands, for administrators who know them
        from django.conf import settings
        from django.core.management import execute_from_command_line

        assert settings.INSTALLED_APPS  # loads them now: Django would pass over settings that refuse to load
        execute_from_command_line(["huixiang manage", *argv[1:]])
        return 0
    parser = argparse.ArgumentParser(prog="huixiang", description="回响：让每个声音都有回响，让每个回响都有证据")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if name in argv[:1]:  # imported only when asked for, so that `understand` starts without Django
            import_module(f"huixiang.web.commands.{_MODULES.get(name, name)}").add_arguments(command)
    args = parser.parse_args(argv)
    module = import_module(f"huixiang.web.commands.{_MODULES.get(args.command, args.command)}")
    return int(module.run(args) or 0)
