import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useCallback, useState } from 'react';
import type { ConfigStatus } from '../../../../contract/index.ts';
import { StatusBadge } from '../../ui/index.ts';
import { Moment } from '../panel/age.tsx';
import { DataTable } from '../panel/data-table.tsx';
import { type Text, useText } from '../texts.ts';
import { ChangeRows } from './changes-table.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import classes from './configuration-history.module.css';
import { RestoreDialog, type RestoreRequest } from './restore-dialog.tsx';
import { shortSha } from './short-sha.ts';

type Entry = ConfigStatus['history'][number];

interface VersionActions {
  readonly compare: (sha: string) => void;
  readonly restore: (sha: string) => void;
}

/** Who made which configuration the running one, how it came out and what it changed; and the ways back. Newest first. */
export function ConfigurationHistory({ config }: { config: ConfigStatus }) {
  const text = useText();
  const [compared, compare] = useState<string>();
  const [restoring, setRestoring] = useState<RestoreRequest>();
  const { layers, file } = config;
  const restore = (sha: string): void =>
    // What the admin sees now is what may be replaced, whatever stands there when the question is answered.
    setRestoring({ sha, onDisk: layers.on_disk?.sha ?? null, writable: file.writable });
  const endCompare = useCallback(() => compare(undefined), []);
  const endRestore = useCallback(
    (done?: string) => {
      setRestoring(undefined);
      if (done !== undefined)
        notifications.show({ color: 'teal', message: text('configuration.restore.done', { version: shortSha(done) }) });
    },
    [text],
  );
  return (
    <>
      <HistoryTable config={config} actions={{ compare, restore }} />
      <CompareDialog
        sha={compared}
        running={layers.running.sha}
        // A text, so that the dialog is not drawn anew for each look at the file.
        others={config.kept_versions.toSorted().join(' ')}
        onClose={endCompare}
      />
      <RestoreDialog request={restoring} onEnd={endRestore} />
    </>
  );
}

function HistoryTable({ config, actions }: { config: ConfigStatus; actions: VersionActions }) {
  const text = useText();
  const { history, layers, kept_versions: kept } = config;
  return (
    <DataTable
      label={text('configuration.history')}
      rows={history}
      rowKey={(entry) => `${entry.at} ${history.indexOf(entry)}`}
      columns={[
        { name: text('configuration.history.time'), header: true, cell: ({ at }) => <Moment at={at} /> },
        {
          name: text('configuration.history.actor'),
          cell: ({ actor, kind }) => (kind === 'start' ? text('configuration.history.server') : actor),
        },
        { name: text('configuration.history.outcome'), cell: (entry) => <Outcome entry={entry} /> },
        { name: text('configuration.history.text'), cell: (entry) => <Result entry={entry} /> },
        {
          name: text('configuration.history.version'),
          cell: ({ sha }) => (sha === null ? text('console.none') : <Version sha={sha} layers={layers} />),
        },
        {
          name: text('configuration.history.actions'),
          hiddenName: true,
          cell: ({ sha }) =>
            sha !== null && kept.includes(sha) ? <Actions sha={sha} actions={actions} text={text} /> : null,
        },
      ]}
    />
  );
}

function Version({ sha, layers }: { sha: string; layers: ConfigStatus['layers'] }) {
  const text = useText();
  return (
    <span className={classes.version} title={sha}>
      <code>{shortSha(sha)}</code>
      {sha === layers.running.sha ? (
        <StatusBadge tone="good">{text('configuration.history.running')}</StatusBadge>
      ) : null}
      {sha === layers.on_disk?.sha ? (
        <StatusBadge tone="info">{text('configuration.history.on_disk')}</StatusBadge>
      ) : null}
    </span>
  );
}

function Actions({ sha, actions, text }: { sha: string; actions: VersionActions; text: Text }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Button size="compact-sm" variant="default" onClick={() => actions.compare(sha)}>
        {text('configuration.compare')}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => actions.restore(sha)}>
        {text('configuration.restore')}
      </Button>
    </Group>
  );
}

function Outcome({ entry: { kind, succeeded } }: { entry: Entry }) {
  const text = useText();
  if (kind === 'start') return <StatusBadge tone="neutral">{text('configuration.history.started')}</StatusBadge>;
  return (
    <StatusBadge tone={succeeded ? 'good' : 'bad'}>
      {text(succeeded ? 'configuration.history.succeeded' : 'configuration.history.failed')}
    </StatusBadge>
  );
}

function Result({ entry }: { entry: Entry }) {
  const text = useText();
  if (entry.changes.length === 0) return entry.text;
  const summary = text('configuration.history.changes', { count: entry.changes.length });
  return (
    <>
      {entry.text}
      <details>
        <summary>{summary}</summary>
        <ChangeRows label={summary} changes={entry.changes} />
      </details>
    </>
  );
}
