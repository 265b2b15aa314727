// Draws a score by month with its interval; the table below tells the same numbers. A hidden month is a gap.
(() => {
  "use strict";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const text = () => ({ color: colour("--hx-text-soft"), fontFamily: getComputedStyle(document.body).fontFamily });

  function score(place, data) {
    const [name, range, people] = place.dataset.names.split("|");
    const narrow = place.clientWidth < 500;
    const line = { lineStyle: { color: colour("--hx-line") } };
    const quiet = { type: "line", stack: "band", symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
    const height = data.high.map((high, at) => (high === null ? null : high - data.low[at]));
    const told = (value) => (value === null || value === undefined ? "—" : value.toFixed(Math.abs(value) < 10 ? 2 : 1));
    const known = (values) => values.filter((value) => value !== null);
    const least = Math.min(...known(data.low)), most = Math.max(...known(data.high)), space = Math.max(0.05, (most - least) * 0.15);
    // The axis ends at whole steps of 1, 2 or 5: its last number would else stand upon the one beside it.
    const rough = (most - least + 2 * space) / 4, ten = 10 ** Math.floor(Math.log10(rough));
    const step = ten * [1, 2, 5, 10].find((times) => times * ten >= rough);
    return {
      animation: false,
      textStyle: text(),
      grid: { left: narrow ? 42 : 54, right: 16, top: 16, bottom: 28 },
      xAxis: { type: "category", data: data.labels, axisLine: line, axisTick: { show: false }, axisLabel: { ...text(), hideOverlap: true } },
      yAxis: { type: "value", min: Math.floor((least - space) / step) * step, max: Math.ceil((most + space) / step) * step, interval: step, splitLine: line, axisLabel: { ...text(), formatter: (value) => String(Math.round(value * 100) / 100) } },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true,
        formatter: (found) => { const at = found[0].dataIndex; return [data.labels[at], `${name} ${told(data.value[at])}`, `${range} ${told(data.low[at])} ~ ${told(data.high[at])}`, `${people} ${data.n[at] === null ? "—" : data.n[at].toLocaleString()}`].join("\n"); },
        backgroundColor: colour("--hx-surface"), borderColor: colour("--hx-line"), textStyle: { ...text(), color: colour("--tblr-body-color"), fontSize: 13, lineHeight: 20 } },
      series: [
        // Stacking starts anew below zero, so the band is drawn from the axis' own least value.
        { ...quiet, name: "low", data: data.low, stackStrategy: "all" },
        { ...quiet, name: "high", data: height, stackStrategy: "all", areaStyle: { color: colour("--hx-primary"), opacity: 0.15 } },
        { name, type: "line", data: data.value, symbolSize: 5, connectNulls: false, color: colour("--hx-primary"), lineStyle: { width: 2 } },
      ],
    };
  }

  window.hxCharts = { ...window.hxCharts, score };
})();
