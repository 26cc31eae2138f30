import { useComputedColorScheme } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { DatabaseEvent, DatabaseHistory } from '../../../../contract/index.ts';
import { Moment } from '../panel/age.tsx';
import { useText } from '../texts.ts';
import type { PlotMark } from './draw-plot.ts';
import classes from './history.module.css';
import { PlotFigure } from './plot-figure.tsx';
import { plotsOf } from './plots.ts';

interface HistoryContentProps {
  readonly history: DatabaseHistory;
  /** Oldest first. */
  readonly events: readonly DatabaseEvent[];
}

const eventsListed = 20;

/** The plots over one another with one cursor, and the events that their upright lines stand for. */
export function HistoryContent({ history, events }: HistoryContentProps) {
  const text = useText();
  const dark = useComputedColorScheme('light') === 'dark';
  const [cursor, setCursor] = useState<number | null>(null);
  const { at } = history;
  // The first reading stands for the step before it.
  const first = (at[0] ?? 0) - history.step_ms;
  const plots = useMemo(
    () =>
      plotsOf(history, {
        reads: text('history.reads'),
        writes: text('history.writes'),
        gate: text('history.gate'),
      }),
    [history, text],
  );
  const shown = useMemo(() => events.filter((event) => event.at >= first), [events, first]);
  const marks = useMemo(() => shown.map((event): PlotMark => ({ at: event.at, tone: event.severity })), [shown]);
  return (
    <>
      <div className={classes.plots}>
        {plots.map((plot) => (
          <PlotFigure
            key={plot.title}
            plot={plot}
            at={at}
            marks={marks}
            dark={dark}
            cursor={cursor}
            onCursor={setCursor}
          />
        ))}
      </div>
      <EventMarks events={shown.slice(-eventsListed).reverse()} />
    </>
  );
}

function EventMarks({ events }: { events: readonly DatabaseEvent[] }) {
  const text = useText();
  if (events.length === 0) return <p className={classes.marks}>{text('history.marks.none')}</p>;
  return (
    <div className={classes.marks}>
      <p id="history-marks">{text('history.marks')}</p>
      <ul aria-labelledby="history-marks">
        {events.map((event) => (
          <li key={event.id} data-severity={event.severity}>
            <Moment at={event.at} /> {event.text}
          </li>
        ))}
      </ul>
    </div>
  );
}
