import { Text } from '@mantine/core';
import { useDatabaseEvents } from '../data/queries.ts';
import { ConsoleLink } from '../frame/console-link.tsx';
import { Moment } from '../panel/age.tsx';
import { Panel, QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import classes from './overview.module.css';

const shown = 8;

/** The newest events, newest first. */
export function LatestEvents() {
  const text = useText();
  const events = useDatabaseEvents();
  const title = text('overview.events');
  return (
    <Panel title={title} actions={<ConsoleLink to="database/events">{text('overview.events.all')}</ConsoleLink>}>
      <QueryContent title={title} query={events}>
        {(all) =>
          all.length === 0 ? (
            <Text size="sm" c="dimmed">
              {text('overview.events.none')}
            </Text>
          ) : (
            <ol className={classes.events} aria-label={title}>
              {all
                .slice(-shown)
                .reverse()
                .map(({ id, at, severity, text: words }) => (
                  <li key={id} data-severity={severity}>
                    <Moment at={at} /> {words}
                  </li>
                ))}
            </ol>
          )
        }
      </QueryContent>
    </Panel>
  );
}
