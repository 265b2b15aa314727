// Draws the numbers that the page already tells in a table. Colours come from the style sheet, so both themes fit.
(() => {
  "use strict";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const UP = "path://M0,10 L6,0 L12,10 Z";
  const DOWN = "path://M0,0 L12,0 L6,10 Z";
  const percent = (value) => (value === null || value === undefined ? "—" : value.toFixed(1) + "%");
  const text = () => ({ color: colour("--hx-text-soft"), fontFamily: getComputedStyle(document.body).fontFamily });

  // A step that has not ended yet is drawn paler: fewer voices so far is no fall.
  function bar(name, numbers, partial, paint) {
    const data = numbers.map((value, at) => (partial[at] ? { value, itemStyle: { opacity: 0.5 } } : value));
    return { name, type: "bar", stack: "volume", data, itemStyle: { color: colour(paint) }, emphasis: { focus: "series" }, barMaxWidth: 26 };
  }

  // The interval is drawn as an invisible line at its lower end with a coloured band stacked upon it.
  function band(data) {
    const quiet = { type: "line", stack: "band", symbol: "none", silent: true, xAxisIndex: 1, yAxisIndex: 1, lineStyle: { opacity: 0 }, tooltip: { show: false } };
    const height = data.high.map((high, at) => (high === null ? null : high - data.low[at]));
    return [
      { ...quiet, name: "low", data: data.low },
      { ...quiet, name: "high", data: height, areaStyle: { color: colour("--hx-negative"), opacity: 0.18 } },
    ];
  }

  function axes(data, narrow) {
    const line = { lineStyle: { color: colour("--hx-line") } };
    const x = (gridIndex, show) => ({ type: "category", gridIndex, data: data.labels, axisLine: line, axisTick: { show: false }, axisLabel: { ...text(), show, hideOverlap: true } });
    // 0, half and the end of a round scale: never a tick that crowds its neighbour.
    const end = Math.min(100, Math.max(20, Math.ceil(Math.max(0, ...data.high) / 20) * 20));
    const y = (gridIndex, format) => ({ type: "value", gridIndex, min: 0, ...(gridIndex ? { max: end, interval: end / 2 } : { splitNumber: 4, minInterval: 1 }),
      splitLine: line, axisLabel: { ...text(), formatter: format } });
    return {
      grid: [{ left: narrow ? 42 : 56, right: 16, top: narrow ? 64 : 42, height: narrow ? "40%" : "46%" }, { left: narrow ? 42 : 56, right: 16, top: "70%", bottom: 28 }],
      xAxis: [x(0, false), x(1, true)],
      yAxis: [y(0, (value) => value.toLocaleString()), y(1, (value) => value + "%")],
    };
  }

  // Rich text, not HTML: what a tooltip says can then never become part of the page.
  function told(data, names) {
    const [negative, neutral, positive, share, unit, range] = names;
    return (found) => {
      const at = found[0].dataIndex;
      return [
        data.labels[at],
        `▲ ${positive} ${data.positive[at].toLocaleString()} ${unit}`,
        `● ${neutral} ${data.neutral[at].toLocaleString()} ${unit}`,
        `▼ ${negative} ${data.negative[at].toLocaleString()} ${unit}`,
        data.share[at] === null ? `${share} —` : `${share} ${percent(data.share[at])}（${range} ${percent(data.low[at])}–${percent(data.high[at])}）`,
      ].join("\n");
    };
  }

  function timeline(place, data) {
    const names = place.dataset.names.split("|");
    const [negative, neutral, positive, share] = names;
    const line = { name: share, type: "line", xAxisIndex: 1, yAxisIndex: 1, data: data.share, symbolSize: 5, connectNulls: false, color: colour("--hx-negative"), lineStyle: { width: 2 } };
    return {
      ...axes(data, place.clientWidth < 500),
      animation: false,
      textStyle: text(),
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" }, formatter: told(data, names),
        backgroundColor: colour("--hx-surface"), borderColor: colour("--hx-line"), textStyle: { ...text(), color: colour("--tblr-body-color"), fontSize: 13, lineHeight: 20 } },
      legend: { top: 4, left: 0, itemGap: 16, itemWidth: 12, itemHeight: 10, textStyle: text(), data: [{ name: positive, icon: UP }, { name: neutral, icon: "circle" }, { name: negative, icon: DOWN }, { name: share }] },
      series: [bar(negative, data.negative, data.partial, "--hx-negative"), bar(neutral, data.neutral, data.partial, "--hx-neutral"), bar(positive, data.positive, data.partial, "--hx-positive"), ...band(data), line],
    };
  }

  const KINDS = { timeline, ...window.hxCharts };  // further kinds stand in files of their own, loaded before

  function draw(place) {
    const data = JSON.parse(document.getElementById(place.dataset.source).textContent);
    const chart = echarts.getInstanceByDom(place) || echarts.init(place, null, { renderer: "svg" });
    // Paper is narrower than the window it is printed from: 690 fits between the margins of A4 and of Letter.
    chart.resize(matchMedia("print").matches ? { width: 690, height: 310 } : { width: "auto", height: "auto" });
    chart.setOption(KINDS[place.dataset.chart](place, data), true);
  }

  function drawAll() {
    for (const place of document.querySelectorAll("[data-chart]")) draw(place);
  }

  document.addEventListener("DOMContentLoaded", () => {
    drawAll();
    const watch = new ResizeObserver((entries) => entries.forEach((entry) => echarts.getInstanceByDom(entry.target)?.resize()));
    for (const place of document.querySelectorAll("[data-chart]")) watch.observe(place);
  });
  document.addEventListener("theme", drawAll);
})();
