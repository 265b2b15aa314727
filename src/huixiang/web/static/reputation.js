// Draws stars by week with releases, and the banks' shares of voice; the tables below tell the same numbers.
(() => {
  "use strict";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const text = () => ({ color: colour("--hx-text-soft"), fontFamily: getComputedStyle(document.body).fontFamily });
  const axis = () => ({ lineStyle: { color: colour("--hx-line") } });
  const tooltip = (formatter) => ({ trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" }, formatter,
    backgroundColor: colour("--hx-surface"), borderColor: colour("--hx-line"), textStyle: { ...text(), color: colour("--tblr-body-color"), fontSize: 13, lineHeight: 20 } });
  const band = (data, grid, paint) => {
    const quiet = { type: "line", stack: "band", symbol: "none", silent: true, xAxisIndex: grid, yAxisIndex: grid, lineStyle: { opacity: 0 }, tooltip: { show: false } };
    const height = data.high.map((high, at) => (high === null ? null : high - data.low[at]));
    return [{ ...quiet, name: "low", data: data.low }, { ...quiet, name: "high", data: height, areaStyle: { color: colour(paint), opacity: 0.18 } }];
  };

  function stars(place, data) {
    const names = place.dataset.names.split("|");  // one star to five, the mean, its interval, a release
    const [mean, range, release] = names.slice(5);
    const narrow = place.clientWidth < 500;
    const paints = ["--hx-negative", "--hx-negative", "--hx-neutral", "--hx-positive", "--hx-positive"];
    const bars = data.stars.map((numbers, at) => ({ name: names[at], type: "bar", stack: "stars", data: numbers, barMaxWidth: 26,
      itemStyle: { color: colour(paints[at]), opacity: at === 1 || at === 3 ? 0.55 : 1 } }));
    const x = (gridIndex, show) => ({ type: "category", gridIndex, data: data.labels, axisLine: axis(), axisTick: { show: false }, axisLabel: { ...text(), show, hideOverlap: true } });
    const y = (gridIndex, more) => ({ type: "value", gridIndex, splitLine: axis(), axisLabel: { ...text() }, ...more });
    const marks = data.releases.map((each) => ({ xAxis: each.at, label: { formatter: each.version } }));
    const fixed = (value) => (value === null ? "—" : value.toFixed(2));
    return {
      animation: false,
      textStyle: text(),
      grid: [{ left: narrow ? 40 : 56, right: 20, top: narrow ? 78 : 46, height: narrow ? "36%" : "42%" }, { left: narrow ? 40 : 56, right: 20, top: "68%", bottom: 28 }],
      xAxis: [x(0, false), x(1, true)],
      yAxis: [y(0, { min: 0, splitNumber: 3, minInterval: 1 }), y(1, { min: 1, max: 5, interval: 2 })],
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: tooltip((found) => {
        const at = found[0].dataIndex;
        const out = data.releases.filter((each) => each.at === at).map((each) => `${release} ${each.version}`);
        const told = data.stars.map((numbers, star) => `${names[star]} ${numbers[at].toLocaleString()}`).reverse();
        return [data.labels[at], ...out, ...told, `${mean} ${fixed(data.value[at])}（${range} ${fixed(data.low[at])}–${fixed(data.high[at])}）`].join("\n");
      }),
      legend: { top: 4, left: 0, itemGap: 12, itemWidth: 12, itemHeight: 10, textStyle: text(), data: [...names.slice(0, 5).reverse(), mean] },
      series: [...bars, ...band(data, 1, "--hx-primary"),
        { name: mean, type: "line", xAxisIndex: 1, yAxisIndex: 1, data: data.value, symbolSize: 4, connectNulls: false, color: colour("--hx-primary"), lineStyle: { width: 2 },
          markLine: { symbol: "none", silent: true, lineStyle: { color: colour("--hx-text-soft"), type: "dashed" }, label: { ...text(), show: !narrow, position: "insideEndTop", fontSize: 11 }, data: marks } }],
    };
  }

  function share(place, data) {
    const [range] = place.dataset.names.split("|");
    const paints = ["--hx-primary", "--hx-neutral", "--hx-negative", "--hx-positive", "--hx-text-soft"];
    const percent = (value) => (value === null || value === undefined ? "—" : `${value.toFixed(1)}%`);
    return {
      animation: false,
      textStyle: text(),
      grid: { left: 46, right: 20, top: place.clientWidth < 500 ? 70 : 44, bottom: 28 },
      xAxis: [{ type: "category", data: data.labels, axisLine: axis(), axisTick: { show: false }, axisLabel: { ...text(), hideOverlap: true } }],
      yAxis: [{ type: "value", min: 0, max: ({ max }) => (max > 80 ? 100 : null), splitNumber: 4, splitLine: axis(), axisLabel: { ...text(), formatter: (value) => `${value}%` } }],
      tooltip: tooltip((found) => {
        const at = found[0].dataIndex;
        return [data.labels[at], ...data.banks.map((bank) => `${bank.title} ${percent(bank.shares[at])}` + (bank.own && data.low ? `（${range} ${percent(data.low[at])}–${percent(data.high[at])}）` : ""))].join("\n");
      }),
      legend: { top: 4, left: 0, itemGap: 12, itemWidth: 14, itemHeight: 10, textStyle: text(), data: data.banks.map((bank) => bank.title) },
      series: [...(data.low ? band(data, 0, "--hx-primary") : []),
        ...data.banks.map((bank, at) => ({ name: bank.title, type: "line", data: bank.shares, symbolSize: 5, symbol: ["circle", "rect", "triangle", "diamond", "pin"][at], connectNulls: false,
          color: colour(paints[at]), lineStyle: { width: bank.own ? 3 : 1.5, type: bank.own ? "solid" : "dashed" } }))],
    };
  }

  window.hxCharts = { ...window.hxCharts, stars, share };
})();
