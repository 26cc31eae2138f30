import { Button, Group, NativeSelect } from '@mantine/core';
import { memo, useState } from 'react';
import { Dialog } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './configuration-history.module.css';
import { shortSha } from './short-sha.ts';
import { VersionChanges } from './version-changes.tsx';

interface CompareDialogProps {
  /** The version that is looked at; undefined while none is. */
  readonly sha: string | undefined;
  readonly running: string;
  /** All versions that are kept, with spaces between them. */
  readonly others: string;
  readonly onClose: () => void;
}

/** A version of the configuration against the running one, or against another that is kept. */
export const CompareDialog = memo(function CompareDialog({ sha, running, others, onClose }: CompareDialogProps) {
  const text = useText();
  const title = sha === undefined ? '' : text('configuration.compare.title', { version: shortSha(sha) });
  return (
    <Dialog opened={sha !== undefined} onClose={onClose} title={title} size={1080}>
      {sha === undefined ? null : <Comparison sha={sha} running={running} others={others.split(' ')} />}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {text('configuration.compare.close')}
        </Button>
      </Group>
    </Dialog>
  );
});

function Comparison({ sha, running, others }: { sha: string; running: string; others: readonly string[] }) {
  const text = useText();
  const [to, setTo] = useState('running');
  const options = others.filter((other) => other !== sha && other !== running);
  return (
    <>
      <NativeSelect
        className={classes.with}
        label={text('configuration.compare.with')}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        data={[
          { value: 'running', label: text('configuration.compare.running', { version: shortSha(running) }) },
          ...options.map((other) => ({ value: other, label: shortSha(other) })),
        ]}
      />
      <VersionChanges label={text('configuration.compare.changes')} from={sha} to={to} />
    </>
  );
}
