import { Text } from '@mantine/core';
import type { ConfigChange, ConfigStatus } from '../../../../contract/index.ts';
import { StatusBadge, type Tone } from '../../ui/index.ts';
import { DataTable } from '../panel/data-table.tsx';
import { useText } from '../texts.ts';
import classes from './changes-table.module.css';

/** What a reload would change, live. */
export function ChangesTable({ config }: { config: ConfigStatus }) {
  const text = useText();
  if (config.changes.length === 0) {
    const message = config.file.valid ? 'configuration.changes.none' : 'configuration.changes.unreadable';
    return (
      <Text size="sm" c="dimmed">
        {text(message)}
      </Text>
    );
  }
  return <ChangeRows label={text('configuration.changes')} changes={config.changes} />;
}

const effectTones: Record<ConfigChange['takes_effect'], Tone> = {
  now: 'good',
  'after-recycle': 'info',
  'after-restart': 'warning',
  'ignored-environment': 'neutral',
};

interface ChangeRowsProps {
  readonly label: string;
  readonly changes: readonly ConfigChange[];
  /** What the columns of the two values are called; default: running and on disk. */
  readonly sides?: readonly [before: string, after: string];
}

/** Changes of settings, secrets masked by the server. */
export function ChangeRows({ label, changes, sides }: ChangeRowsProps) {
  const text = useText();
  const [before, after] = sides ?? [text('configuration.change.running'), text('configuration.change.on_disk')];
  return (
    <DataTable
      label={label}
      rows={changes}
      rowKey={(change) => change.path}
      columns={[
        {
          name: text('configuration.change.setting'),
          header: true,
          cell: (change) => (
            <>
              <code className={classes.path}>{change.path}</code>
              {change.text ? <div className={classes.text}>{change.text}</div> : null}
            </>
          ),
        },
        { name: before, cell: ({ running }) => <Value value={running} /> },
        { name: after, cell: ({ on_disk }) => <Value value={on_disk} /> },
        {
          name: text('configuration.change.effect'),
          cell: ({ takes_effect: effect }) => (
            <StatusBadge tone={effectTones[effect]}>{text(`configuration.effect.${effect}`)}</StatusBadge>
          ),
        },
      ]}
    />
  );
}

function Value({ value }: { value: string }) {
  const text = useText();
  return value === '' ? (
    <span className={classes.none}>{text('console.none')}</span>
  ) : (
    <code className={classes.value}>{value}</code>
  );
}
