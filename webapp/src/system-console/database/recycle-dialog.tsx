import { Button, Group, Text, Title } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import type { RecyclePlan } from '../../../../contract/index.ts';
import { errorText } from '../../client/index.ts';
import { Banner, Dialog, ErrorState, LoadingLines, StatusBadge, type Tone } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './recycle-dialog.module.css';
import { SourceReports } from './source-reports.tsx';
import type { PlanState } from './use-recycle.ts';

interface RecycleDialogProps {
  readonly opened: boolean;
  readonly plan: PlanState;
  /** Who is recycling already. */
  readonly runningActor: string | undefined;
  readonly onClose: () => void;
  readonly onStart: () => void;
}

/**
 * What a recycle would do, already checked, and the question whether to do it. Rendered only when what it shows changes:
 * the page around it follows the databases twice a second, and an open dialog must not lose its focus to that.
 */
export const RecycleDialog = memo(function RecycleDialog(props: RecycleDialogProps) {
  const { opened, plan, runningActor, onClose, onStart } = props;
  const text = useText();
  return (
    <Dialog opened={opened} onClose={onClose} title={text('database.recycle')} role="alertdialog" size="xl">
      {runningActor === undefined ? null : (
        <Banner tone="info">{text('recycle.joins', { actor: runningActor })}</Banner>
      )}
      <PlanOrWhyNot plan={plan} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {text('recycle.cancel')}
        </Button>
        {plan.data?.possible === false ? (
          <Button variant="default" onClick={() => void plan.refetch()}>
            {text('recycle.again')}
          </Button>
        ) : null}
        <Button disabled={runningActor === undefined && plan.data?.possible !== true} onClick={onStart}>
          {text('recycle.now')}
        </Button>
      </Group>
    </Dialog>
  );
});

function PlanOrWhyNot({ plan }: { plan: PlanState }) {
  const text = useText();
  if (plan.data) return <PlanView plan={plan.data} />;
  if (plan.error === null) {
    return (
      <>
        <Text size="sm">{text('recycle.checking')}</Text>
        <LoadingLines label={text('recycle.checking')} />
      </>
    );
  }
  return (
    <ErrorState title={text('recycle.check_failed')} onRetry={() => void plan.refetch()}>
      {errorText(plan.error)}
    </ErrorState>
  );
}

const changeTones: Record<RecyclePlan['changes'][number]['change'], Tone> = {
  keep: 'neutral',
  add: 'good',
  remove: 'warning',
  role: 'info',
};

function PlanView({ plan }: { plan: RecyclePlan }) {
  const text = useText();
  return (
    <>
      {plan.possible ? null : (
        <div role="alert">
          <Banner tone="bad">{text('recycle.impossible', { reason: plan.reason })}</Banner>
        </div>
      )}
      <Section title={text('recycle.plan')}>
        <ul className={classes.changes} aria-label={text('recycle.plan')}>
          {plan.changes.map(({ name, change, text: words }) => (
            <li key={name}>
              <StatusBadge tone={changeTones[change]}>{text(`recycle.change.${change}`)}</StatusBadge>
              <span>
                <strong>{name}</strong> {words}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={text('recycle.checks')}>
        <SourceReports reports={plan.reports} brief />
      </Section>
      <Section title={text('recycle.effect')}>
        <Text size="sm">{plan.effect}</Text>
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <Title order={3} size="h5">
        {title}
      </Title>
      {children}
    </section>
  );
}
