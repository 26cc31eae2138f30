import { Button, Title } from '@mantine/core';
import { useId, useState } from 'react';
import { formatClockSeconds } from '../../ui/index.ts';
import { formatNumber } from '../format/numbers.ts';
import { Moment } from '../panel/age.tsx';
import { DataTable } from '../panel/data-table.tsx';
import { type Text, useText } from '../texts.ts';
import { lineColor, type PlotMark } from './draw-plot.ts';
import classes from './history.module.css';
import { PlotCanvas } from './plot-canvas.tsx';
import { type PlotData, type PlotLine, summaryOf, thinned } from './plots.ts';

interface PlotFigureProps {
  readonly plot: PlotData;
  readonly at: readonly number[];
  readonly marks: readonly PlotMark[];
  readonly dark: boolean;
  /** The place under the pointer, in whichever plot it is. */
  readonly cursor: number | null;
  readonly onCursor: (index: number | null) => void;
}

const rowsShown = 60;

/** One plot, what it comes to in words, and the same as a table. */
export function PlotFigure({ plot, at, marks, dark, cursor, onCursor }: PlotFigureProps) {
  const text = useText();
  const titleId = useId();
  const [asTable, setAsTable] = useState(false);
  const title = text(plot.title);
  return (
    <figure className={classes.figure} aria-labelledby={titleId}>
      <div className={classes.head}>
        <Title order={3} size="h5" id={titleId}>
          {title}
        </Title>
        <Button size="compact-sm" variant="default" aria-expanded={asTable} onClick={() => setAsTable(!asTable)}>
          {text(asTable ? 'history.hide_table' : 'history.show_table')}
        </Button>
      </div>
      <PlotCanvas at={at} lines={plot.lines} marks={marks} dark={dark} onCursor={onCursor} />
      <figcaption>
        <ul className={classes.legend}>
          {plot.lines.map((line) => (
            <li key={line.label}>
              <svg className={classes.swatch} aria-hidden="true" viewBox="0 0 18 4">
                <path
                  d="M0 2H18"
                  stroke={lineColor(line.color, dark)}
                  strokeWidth="3"
                  {...(line.dashed ? { strokeDasharray: '5 3' } : {})}
                />
              </svg>
              <span>{lineWords(line, { at, cursor, unit: plot.unit, text })}</span>
            </li>
          ))}
        </ul>
      </figcaption>
      {asTable ? <PlotTable title={title} plot={plot} at={at} /> : null}
    </figure>
  );
}

interface WordsContext {
  readonly at: readonly number[];
  readonly cursor: number | null;
  readonly unit: PlotData['unit'];
  readonly text: Text;
}

/** `pg-c: now 0.2 s, at most 4.1 s at 14:02:05`, or the value under the pointer. */
function lineWords({ label, values }: PlotLine, { at, cursor, unit, text }: WordsContext): string {
  const valueText = (value: number | null | undefined): string =>
    value === null || value === undefined ? text('history.unknown') : text(unit, { value: formatNumber(value) });
  const under = cursor === null ? undefined : at[cursor];
  if (cursor !== null && under !== undefined) {
    return text('history.line.at', { label, value: valueText(values[cursor]), time: formatClockSeconds(under) });
  }
  const { now, max, maxIndex } = summaryOf(values);
  const maxAt = at[maxIndex];
  if (max === null || maxAt === undefined) return text('history.line.none', { label });
  const time = formatClockSeconds(maxAt);
  return text('history.line', { label, now: valueText(now), max: valueText(max), time });
}

function PlotTable({ title, plot, at }: { title: string; plot: PlotData; at: readonly number[] }) {
  const text = useText();
  return (
    <div className={classes.table}>
      <DataTable
        label={title}
        rows={thinned(at.length, rowsShown)}
        rowKey={(index) => at[index] ?? index}
        columns={[
          { name: text('history.column.time'), header: true, cell: (index) => <Moment at={at[index] ?? 0} /> },
          ...plot.lines.map(({ label, values }) => ({
            name: label,
            numeric: true,
            cell: (index: number) => {
              const value = values[index];
              if (value === null || value === undefined) return text('history.unknown');
              return text(plot.unit, { value: formatNumber(value) });
            },
          })),
        ]}
      />
    </div>
  );
}
