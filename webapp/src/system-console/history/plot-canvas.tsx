import { useEffect, useEffectEvent, useRef } from 'react';
import { type DrawnPlot, drawPlot, type PlotContent } from './draw-plot.ts';
import classes from './history.module.css';

interface PlotCanvasProps extends PlotContent {
  /** Called with the place under the pointer, null when it has left; the same function each time. */
  readonly onCursor: (index: number | null) => void;
}

/** The picture of a plot. Its words are beside it, so that it says nothing to a screen reader. */
export function PlotCanvas({ at, lines, marks, dark, onCursor }: PlotCanvasProps) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<DrawnPlot>(undefined);
  const shape = lines.map(({ label }) => label).join('\n');

  // A plot keeps its lines; other lines or another theme are another plot.
  const latest = useEffectEvent(() => ({ at, lines, marks }));
  useEffect(() => {
    if (element.current === null) return;
    const drawn = drawPlot(element.current, { ...latest(), dark, group: 'database-history', onCursor });
    plot.current = drawn;
    return () => drawn.destroy();
  }, [shape, dark, onCursor]);

  useEffect(() => plot.current?.update({ at, lines, marks }), [at, lines, marks]);

  return <div className={classes.canvas} ref={element} aria-hidden="true" />;
}
