import { Button, Group, TextInput, Title } from '@mantine/core';
import { type SubmitEvent, useEffect, useId, useRef, useState } from 'react';
import type { RecyclePlan } from '../../../../contract/index.ts';
import { Banner } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './recycle-dialog.module.css';

interface RecycleOverrideProps {
  readonly plan: RecyclePlan;
  /** What would be accepted, and the name to type. */
  readonly overridable: NonNullable<RecyclePlan['overridable']>;
  readonly onClose: () => void;
  readonly onCheckAgain: () => void;
  readonly onStart: (override: string) => void;
}

/** Asks whoever goes on in spite of red checks for the name of the master, with the consequences before their eyes. */
export function RecycleOverride({ plan, overridable, onClose, onCheckAgain, onStart }: RecycleOverrideProps) {
  const text = useText();
  const heading = useId();
  const [typed, type] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // It takes the place of the button that has opened it.
  useEffect(() => field.current?.focus(), []);
  const { name, accepts } = overridable;
  const isMeant = typed === name;
  const isWrong = !name.startsWith(typed);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isMeant) onStart(name);
  };
  return (
    <form onSubmit={submit} className={classes.section} aria-labelledby={heading}>
      <Title order={3} size="h5" id={heading}>
        {text('recycle.override.title')}
      </Title>
      <div className={classes.accepts}>
        <Banner tone="bad">
          {text('recycle.override.accepts')}
          <ul>
            {accepts.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
          {text('recycle.override.logged')}
        </Banner>
      </div>
      <TextInput
        mt="sm"
        label={text(plan.master_changes ? 'recycle.override.name' : 'recycle.override.name_of_master')}
        description={name}
        error={isWrong ? text('recycle.override.wrong', { name }) : null}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        ref={field}
        onChange={(event) => type(event.currentTarget.value)}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {text('recycle.cancel')}
        </Button>
        <Button variant="default" onClick={onCheckAgain}>
          {text('recycle.again')}
        </Button>
        <Button type="submit" color="red" disabled={!isMeant}>
          {text('recycle.override.now')}
        </Button>
      </Group>
    </form>
  );
}
