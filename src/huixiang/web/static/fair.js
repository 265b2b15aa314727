// Draws each branch's comparable share by how many independent customers it is worth, and within which limits chance
// and what branches differ by anyway would keep it. The table below tells the same numbers.
(() => {
  "use strict";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const text = () => ({ color: colour("--hx-text-soft"), fontFamily: getComputedStyle(document.body).fontFamily });
  const percent = (value) => `${value.toFixed(1)}%`;
  const LOOKS = { worse: ["triangle", "--hx-negative", 11], alike: ["circle", "--hx-neutral", 8], better: ["diamond", "--hx-positive", 11] };

  function funnel(place, data) {
    const [share, people, worse, alike, better, limits] = place.dataset.names.split("|");
    const names = { worse, alike, better };
    const narrow = place.clientWidth < 500;
    const axis = { lineStyle: { color: colour("--hx-line") } };
    const curve = (points, type) => ({ name: limits, type: "line", data: points, symbol: "none", silent: true, smooth: true, color: colour("--hx-primary"), lineStyle: { width: 1.5, type }, tooltip: { show: false } });
    const lows = (curves) => curves.map(([of, low]) => [of, low]);
    const highs = (curves) => curves.map(([of, , high]) => [of, high]);
    // Where few are served, limits reach to all and nobody: the axis ends with the branches.
    const top = Math.min(100, Math.ceil((1.4 * Math.max(1, data.centre, ...data.points.map((point) => point[1]))) / 10) * 10);
    const most = data.wide[data.wide.length - 1][0];
    const dots = (group) => {
      const [symbol, paint, symbolSize] = LOOKS[group];
      return { name: names[group], type: "scatter", symbol, symbolSize, color: colour(paint), data: data.points.filter((point) => point[3] === group), z: 5 };
    };
    return {
      animation: false,
      textStyle: text(),
      grid: { left: narrow ? 46 : 60, right: 16, top: narrow ? 112 : 46, bottom: 46 },
      xAxis: { type: "value", min: 0, max: Math.ceil(most), name: people, nameLocation: "middle", nameGap: 28, nameTextStyle: text(), axisLine: axis, splitLine: { show: false }, axisLabel: { ...text(), hideOverlap: true, showMaxLabel: false } },
      yAxis: { type: "value", min: 0, max: top, splitNumber: 4, splitLine: axis, axisLabel: { ...text(), formatter: (value) => `${value}%` } },
      tooltip: { trigger: "item", renderMode: "richText", confine: true,
        formatter: (found) => [found.data[2], `${share} ${percent(found.data[1])}`, `${people} ${Math.round(found.data[0]).toLocaleString()}`, names[found.data[3]]].join("\n"),
        backgroundColor: colour("--hx-surface"), borderColor: colour("--hx-line"), textStyle: { ...text(), color: colour("--tblr-body-color"), fontSize: 13, lineHeight: 20 } },
      legend: { top: 4, left: 0, itemGap: 14, itemWidth: 14, itemHeight: 10, textStyle: text(), data: [worse, alike, better, limits] },
      series: [
        curve([[data.wide[0][0], data.centre], [most, data.centre]], "solid"),
        curve(lows(data.narrow), "dotted"), curve(highs(data.narrow), "dotted"),
        curve(lows(data.wide), "dashed"), curve(highs(data.wide), "dashed"),
        dots("alike"), dots("better"), dots("worse"),
      ],
    };
  }

  window.hxCharts = { ...window.hxCharts, funnel };
})();
