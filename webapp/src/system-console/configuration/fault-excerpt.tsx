import type { ConfigProblem } from '../../../../contract/index.ts';
import { useText } from '../texts.ts';
import classes from './fault-excerpt.module.css';

interface FaultExcerptProps {
  readonly excerpt: NonNullable<ConfigProblem['excerpt']>;
  /** The line that the fault is on. */
  readonly line: number | null;
}

/** The lines around a fault of the file, and the place of the fault in its line. The server has hidden what may be secret. */
export function FaultExcerpt({ excerpt: { lines, column }, line }: FaultExcerptProps) {
  const text = useText();
  return (
    <figure className={classes.excerpt} aria-label={text('configuration.excerpt')}>
      {lines.map(({ number, text: words }) => (
        <code key={number} className={classes.line} data-faulty={number === line || undefined}>
          <span className={classes.number}>{number}</span>
          {number === line ? <FaultyLine words={words} column={column} /> : <span>{words}</span>}
        </code>
      ))}
    </figure>
  );
}

function FaultyLine({ words, column }: { words: string; column: number }) {
  return (
    <span>
      {words.slice(0, column - 1)}
      <mark className={classes.place}>{words.slice(column - 1, column) || ' '}</mark>
      {words.slice(column)}
    </span>
  );
}
