import { Button, Group, Text, Title } from '@mantine/core';
import { memo, type ReactNode, useState } from 'react';
import type { RecyclePlan } from '../../../../contract/index.ts';
import { errorText } from '../../client/index.ts';
import { Banner, Dialog, ErrorState, LoadingLines, StatusBadge, type Tone } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './recycle-dialog.module.css';
import { RecycleOverride } from './recycle-override.tsx';
import { SourceReports } from './source-reports.tsx';
import type { PlanState } from './use-recycle.ts';

interface RecycleDialogProps {
  readonly opened: boolean;
  readonly plan: PlanState;
  /** Who is recycling already. */
  readonly runningActor: string | undefined;
  readonly onClose: () => void;
  /** @param override the name of the master, to go on in spite of red checks. */
  readonly onStart: (override?: string) => void;
}

/**
 * What a recycle would do, already checked, and the question whether to do it. Rendered only when what it shows changes:
 * the page around it follows the databases twice a second, and an open dialog must not lose its focus to that.
 */
export const RecycleDialog = memo(function RecycleDialog(props: RecycleDialogProps) {
  const { opened, plan, runningActor, onClose } = props;
  const text = useText();
  return (
    <Dialog opened={opened} onClose={onClose} title={text('database.recycle')} role="alertdialog" size="xl">
      {runningActor === undefined ? null : (
        <Banner tone="info">{text('recycle.joins', { actor: runningActor })}</Banner>
      )}
      <PlanOrWhyNot plan={plan} />
      <Answer {...props} />
    </Dialog>
  );
});

/** The buttons; with an override, the form that must be filled in before. */
function Answer({ plan, runningActor, onClose, onStart }: RecycleDialogProps) {
  const text = useText();
  /** The plan whose red checks are accepted: another check of everything is another question. */
  const [overridden, override] = useState<RecyclePlan>();
  const { data } = plan;
  const again = (): void => void plan.refetch();
  const overridable = runningActor === undefined ? (data?.overridable ?? null) : null;
  if (data !== null && overridable !== null && overridden === data) {
    return (
      <RecycleOverride plan={data} overridable={overridable} onClose={onClose} onCheckAgain={again} onStart={onStart} />
    );
  }
  return (
    <Group justify="flex-end" mt="lg">
      <Button variant="default" onClick={onClose} data-autofocus>
        {text('recycle.cancel')}
      </Button>
      {data?.possible === false ? (
        <Button variant="default" onClick={again}>
          {text('recycle.again')}
        </Button>
      ) : null}
      {data === null || overridable === null ? null : (
        <Button variant="default" onClick={() => override(data)}>
          {text('recycle.override')}
        </Button>
      )}
      <Button disabled={runningActor === undefined && data?.possible !== true} onClick={() => onStart()}>
        {text('recycle.now')}
      </Button>
    </Group>
  );
}

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
