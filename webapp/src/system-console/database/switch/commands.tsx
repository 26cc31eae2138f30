import type { FollowUp } from '../../../../../contract/index.ts';
import { useText } from '../../texts.ts';
import { CopyButton } from './copy-button.tsx';
import classes from './switch.module.css';

/** Text to run or to write somewhere, word for word, with a button that copies it. */
export function Excerpt({ children, what }: { children: string; what: string }) {
  return (
    <div className={classes.excerpt}>
      <pre>
        <code>{children}</code>
      </pre>
      <CopyButton copied={children} what={what} />
    </div>
  );
}

/** What a person has to do, one entry per data source, each with its commands. */
export function FollowUps({ label, followUps }: { label: string; followUps: readonly FollowUp[] }) {
  return (
    <ul className={classes.follow} aria-label={label}>
      {followUps.map((followUp) => (
        <li key={`${followUp.source} ${followUp.text}`}>
          <Asked asked={followUp} />
        </li>
      ))}
    </ul>
  );
}

/** One thing that a person has to do. */
export function Asked({ asked: { source, text: words, commands } }: { asked: FollowUp }) {
  const text = useText();
  return (
    <>
      <p className={classes.words}>{words}</p>
      {commands.length > 0 ? (
        <Excerpt what={text('switch.copy.commands', { source })}>{commands.join('\n')}</Excerpt>
      ) : null}
    </>
  );
}
