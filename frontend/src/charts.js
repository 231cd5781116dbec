import { BarChart, LineChart } from "echarts/charts";
import {
  DatasetComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { savePicture } from "./js/picture.js";

use([
  BarChart, DatasetComponent, GridComponent, LegendComponent, LineChart,
  SVGRenderer, TooltipComponent,
]);

const COLOURS = ["#b3261e", "#8a8177", "#c98a1b", "#2f7d4f"];

/**
 * ECharts options from the data that the server wrote.
 *
 * data: { kind: "line" | "bar", unit, columns: [name of the categories, ...names of the series],
 * rows: [[category, ...numbers], ...], max }. Bars lie on their side: their names are long.
 */
function options(data, font, size) {
  const names = {
    type: "category",
    axisTick: { show: false },
    axisLine: { show: false },
    axisLabel: { showMinLabel: true, showMaxLabel: true, hideOverlap: true },
  };
  const numbers = {
    type: "value",
    max: data.max,
    axisLabel: { formatter: `{value}${data.unit}` },
    splitLine: { lineStyle: { color: "#ebe8e3" } },
  };
  const lying = data.kind === "bar";
  return {
    animation: false,
    color: COLOURS,
    textStyle: { fontFamily: font, fontSize: size },
    dataset: { source: [data.columns, ...data.rows] },
    grid: { left: 4, right: 20, top: data.columns.length > 2 ? 40 : 16, bottom: 4, outerBoundsMode: "same" },
    legend: { show: data.columns.length > 2, top: 0, left: 0, itemWidth: 14, itemHeight: 8, textStyle: { fontSize: size } },
    // The HTML tooltip writes style attributes, which the content security policy forbids.
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      hideDelay: 0,
      valueFormatter: (value) => `${value}${data.unit}`,
    },
    xAxis: lying ? numbers : { ...names, boundaryGap: false },
    yAxis: lying ? { ...names, inverse: true } : numbers,
    series: data.columns.slice(1).map(() => series(data.kind)),
  };
}

function series(kind) {
  return kind === "bar"
    ? { type: "bar", barMaxWidth: 14, itemStyle: { borderRadius: 3 } }
    : { type: "line", symbolSize: 7, showSymbol: false, lineStyle: { width: 2.5 } };
}

function draw(figure) {
  const plot = figure.querySelector(".chart-plot");
  const data = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const style = getComputedStyle(plot);
  const chart = init(plot, null, { renderer: "svg" });
  chart.setOption(options(data, style.fontFamily, parseFloat(style.fontSize)));
  new ResizeObserver(() => chart.resize()).observe(plot);

  const save = figure.querySelector("[data-save-picture]");
  save.hidden = false;
  save.addEventListener("click", () => {
    chart.dispatchAction({ type: "hideTip" });
    chart.getZr().flush();
    savePicture(plot, save.dataset.savePicture);
  });
}

document.querySelectorAll("[data-chart]").forEach(draw);
