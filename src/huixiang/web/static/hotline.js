// Draws stays in the queues and how long was waited; the tables below tell the same numbers.
(() => {
  "use strict";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const text = () => ({ color: colour("--hx-text-soft"), fontFamily: getComputedStyle(document.body).fontFamily });

  function calls(place, data) {
    const [answered, abandoned, others, wait, slow, unit] = place.dataset.names.split("|");
    const seconds = (value) => (value === null || value === undefined ? "—" : `${Math.round(value).toLocaleString()} ${unit}`);
    const narrow = place.clientWidth < 500;
    const bar = (name, values, paint) => ({ name, type: "bar", stack: "stays", data: values, itemStyle: { color: colour(paint) }, barMaxWidth: 26 });
    // Two lines of one colour: told apart by their dots too, in the legend as in the chart.
    const line = (name, values, type, symbol, symbolSize) => ({ name, type: "line", xAxisIndex: 1, yAxisIndex: 1, data: values, symbol, symbolSize, connectNulls: false, color: colour("--hx-primary"), lineStyle: { width: 2, type } });
    const axis = { lineStyle: { color: colour("--hx-line") } };
    const x = (gridIndex, show) => ({ type: "category", gridIndex, data: data.labels, axisLine: axis, axisTick: { show: false }, axisLabel: { ...text(), show, hideOverlap: true } });
    const y = (gridIndex, formatter) => ({ type: "value", gridIndex, min: 0, splitNumber: 3, minInterval: 1, splitLine: axis, axisLabel: { ...text(), formatter } });
    return {
      animation: false,
      textStyle: text(),
      grid: [{ left: narrow ? 46 : 60, right: 16, top: narrow ? 70 : 42, height: narrow ? "36%" : "44%" }, { left: narrow ? 46 : 60, right: 16, top: "70%", bottom: 28 }],
      xAxis: [x(0, false), x(1, true)],
      yAxis: [y(0, (value) => value.toLocaleString()), y(1, seconds)],
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" },
        formatter: (found) => {
          const at = found[0].dataIndex;
          return [data.labels[at], `${answered} ${data.answered[at] ?? 0}`, `${abandoned} ${data.abandoned[at] ?? 0}`, `${others} ${data.others[at] ?? 0}`, `${wait} ${seconds(data.wait[at])}`, `${slow} ${seconds(data.slow[at])}`].join("\n");
        },
        backgroundColor: colour("--hx-surface"), borderColor: colour("--hx-line"), textStyle: { ...text(), color: colour("--tblr-body-color"), fontSize: 13, lineHeight: 20 } },
      legend: { top: 4, left: 0, itemGap: 14, itemWidth: 22, itemHeight: 10, textStyle: text() },
      series: [bar(answered, data.answered, "--hx-positive"), bar(abandoned, data.abandoned, "--hx-negative"), bar(others, data.others, "--hx-neutral"), line(wait, data.wait, "solid", "circle", 5), line(slow, data.slow, "dashed", "triangle", 7)],
    };
  }

  window.hxCharts = { ...window.hxCharts, calls };
})();
