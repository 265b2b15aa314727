"""What is wrong with the cluster that the bank has named? In words, each with what to do about it. Knows no Django."""

from __future__ import annotations

from huixiang.channels.contract import Fault, marked
from huixiang.lake.spark.chosen import Misnamed
from huixiang.lake.spark.trouble import NoCluster

_SAID = {
    "engine": marked(
        "HUIXIANG_ENGINE=%(found)s：应为 spark://主机:端口、local[2]、yarn 或 k8s://https://主机:端口；不用集群就留空"
    ),
    "unreadable": marked("%(variable)s：没有文件“%(found)s”，或不能读取。请写 Spark 设置文件的完整路径"),
    "line": marked("%(variable)s：%(found)s 应为“spark.名称 值”，每行一个；说明写在 # 之后"),
    "count": marked("%(variable)s=%(found)s：应为整数"),
    "pyspark": marked("没有安装 pyspark：请 pip install 'huixiang[spark]'，或不设 HUIXIANG_ENGINE"),
    "java": marked("没有 Java：请安装 Debian 包 openjdk-17-jre-headless，或用 JAVA_HOME 指出 Java 17"),
    "master": marked("连不上集群 %(found)s：请检查地址、端口与防火墙，以及 Spark master 是否在运行"),
    "workers": marked(
        "集群在 %(found)s 秒内没有给出一个执行器：请看 master 页面上是否有空闲的 worker，"
        "内存与核数（spark.executor.memory、spark.cores.max）是否要得太多；也可放宽 HUIXIANG_SPARK_WAIT_SECONDS"
    ),
    "version": marked(
        "Spark 的版本不一致（%(found)s）：请让 SPARK_HOME 与集群都用本程序所带 pyspark 的版本，或不设 SPARK_HOME"
    ),
    "start": marked(
        "Spark 没能启动（%(found)s）：请看上面的 Spark 日志，常见原因是版本不一致或 HUIXIANG_SPARK_CONF 有误"
    ),
    "answer": marked(
        "集群没能答出来（%(found)s）：请看 Spark 的日志；"
        "常见原因是执行器看不到数据湖的目录（HUIXIANG_SPARK_LAKE）或内存不足"
    ),
    "other_code": marked(
        "执行器上的程序、模型或规则与这里不同（%(found)s）：请在每台机器上装同一版本，并让模型目录的路径相同"
    ),
}


def said(trouble: NoCluster | Misnamed) -> Fault:
    """The sentence for whoever runs the bank's system."""
    values = {"found": trouble.found or "—", "variable": getattr(trouble, "variable", "")}
    return Fault(_SAID[trouble.reason], **values)
