import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatClock, formatClockSeconds } from '../../ui/index.ts';
import type { PlotLine } from './plots.ts';

/** What happened at a moment (ms), drawn as an upright line. */
export interface PlotMark {
  readonly at: number;
  readonly tone: 'info' | 'warning' | 'error';
}

export interface PlotContent {
  /** Milliseconds since 1970, oldest first. */
  readonly at: readonly number[];
  readonly lines: readonly PlotLine[];
  readonly marks: readonly PlotMark[];
  readonly dark: boolean;
}

interface PlotOptions extends PlotContent {
  /** Plots of the same name share their cursor. */
  readonly group: string;
  readonly onCursor: (index: number | null) => void;
}

export interface DrawnPlot {
  /** New readings of the same lines. */
  update(content: Pick<PlotContent, 'at' | 'lines' | 'marks'>): void;
  destroy(): void;
}

const height = 170;
const colors = {
  light: ['#0b6477', '#c2410c', '#6d28d9', '#15803d', '#b91c1c', '#1d4ed8', '#a16207', '#be185d', '#374151'],
  dark: ['#5ec4d8', '#fb923c', '#c4a6ff', '#6ee7a0', '#fca5a5', '#93b4ff', '#facc15', '#f9a8d4', '#cbd5e1'],
} as const;
const markColors = {
  light: { info: '#64748b', warning: '#b45309', error: '#b91c1c' },
  dark: { info: '#94a3b8', warning: '#fbbf24', error: '#f87171' },
} as const;

const themeOf = (dark: boolean): 'dark' | 'light' => (dark ? 'dark' : 'light');

/** The colour of a line; the legend uses it, too. */
export function lineColor(index: number, dark: boolean): string {
  const palette = colors[themeOf(dark)];
  return palette[index % palette.length] as string;
}

/** Draws into `element`, as wide as it is, and follows its width. */
export function drawPlot(element: HTMLElement, options: PlotOptions): DrawnPlot {
  let { marks } = options;
  const chart = new uPlot(
    {
      ...appearance(options),
      width: element.clientWidth,
      hooks: {
        draw: [(plot) => drawMarks(plot, marks, markColors[themeOf(options.dark)])],
        setCursor: [(plot) => options.onCursor(plot.cursor.idx ?? null)],
      },
    },
    dataOf(options),
    element,
  );
  const watcher = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
  watcher.observe(element);
  return {
    update(content) {
      marks = content.marks;
      chart.setData(dataOf(content));
    },
    destroy() {
      watcher.disconnect();
      chart.destroy();
    },
  };
}

function appearance({ lines, dark, group }: PlotOptions): Omit<uPlot.Options, 'width'> {
  const stroke = dark ? '#b8bcc4' : '#4b5563';
  const grid = { stroke: dark ? '#33363d' : '#e5e7eb', width: 1 };
  return {
    height,
    // Room for the last time on the axis.
    padding: [8, 42, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: group }, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      {
        stroke,
        grid,
        ticks: grid,
        space: 90,
        values: (_plot, times) => times.map(timeWords(times)),
      },
      { stroke, grid, ticks: grid, size: 56 },
    ],
    series: [
      {},
      ...lines.map(({ label, color, dashed }) => ({
        label,
        stroke: lineColor(color, dark),
        width: 1.6,
        points: { show: false },
        ...(dashed ? { dash: [5, 4] } : {}),
      })),
    ],
  };
}

/** With seconds where the marks of the axis are closer together than minutes. */
function timeWords([first = 0, second = 0]: readonly number[]): (time: number) => string {
  const format = second - first < 60 ? formatClockSeconds : formatClock;
  return (time) => format(time * 1_000);
}

function dataOf({ at, lines }: Pick<PlotContent, 'at' | 'lines'>): uPlot.AlignedData {
  return [at.map((time) => time / 1_000), ...lines.map(({ values }) => [...values])];
}

function drawMarks(plot: uPlot, marks: readonly PlotMark[], palette: Readonly<Record<PlotMark['tone'], string>>): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at, tone } of marks) {
    const x = Math.round(plot.valToPos(at / 1_000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = palette[tone];
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
