"""Has a figure of the bank's service moved, since when, and how sure is that? Control charts of daily figures.

docs/methods/control-charts.md tells how and how well.
"""

from huixiang.domain.statistics.control.alerts import REACH, Alert, Watch, alerts, ended_on
from huixiang.domain.statistics.control.charts import Chart, chart
from huixiang.domain.statistics.control.grouping import Group, grouped
from huixiang.domain.statistics.control.series import Kind, Series

__all__ = ["REACH", "Alert", "Chart", "Group", "Kind", "Series", "Watch", "alerts", "chart", "ended_on", "grouped"]
