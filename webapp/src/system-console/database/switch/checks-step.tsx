import { Button, Group, Text, TextInput, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { CheckResult, Operation, SwitchoverPlan } from '../../../../../contract/index.ts';
import { errorText } from '../../../client/index.ts';
import { Banner, ErrorState, LoadingLines, StatusBadge } from '../../../ui/index.ts';
import { useOperations } from '../../data/queries.ts';
import { Panel } from '../../panel/panel.tsx';
import { useText } from '../../texts.ts';
import { checkTones } from '../source-reports.tsx';
import { FollowUps } from './commands.tsx';
import { useDraft } from './draft.ts';
import classes from './switch.module.css';
import { useStartSwitch } from './use-start-switch.ts';
import { type SwitchPlan, useSwitchPlan } from './use-switch-plan.ts';

interface ChecksStepProps {
  readonly name: string;
  readonly emergency: boolean;
  readonly onBack: () => void;
}

/** The dry run, and the question whether to do it. */
export function ChecksStep({ name, emergency, onBack }: ChecksStepProps) {
  const text = useText();
  const plan = useSwitchPlan(name, emergency);
  const busy = useRunning();
  const start = useStartSwitch();
  const refusal = useDraft((state) => state.refusal);
  const [confirmation, confirm] = useState('');
  const isConfirmed = !emergency || confirmation === name;
  return (
    <Panel title={text('switch.checks')}>
      {refusal === undefined ? null : (
        <div role="alert">
          <Banner tone="bad">{text('switch.refused', { reason: refusal })}</Banner>
        </div>
      )}
      <PlanOrWhyNot plan={plan} name={name} />
      {emergency && plan.data?.possible === true ? (
        <Confirmation name={name} value={confirmation} onChange={confirm} />
      ) : null}
      {busy ? <Banner tone="info">{text('switch.busy', { actor: busy.actor })}</Banner> : null}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onBack}>
          {text('switch.back')}
        </Button>
        <Button variant="default" disabled={isAsking(plan)} onClick={() => void plan.refetch()}>
          {text('recycle.again')}
        </Button>
        <Button
          {...(emergency ? { color: 'red' } : {})}
          disabled={plan.data?.possible !== true || !isConfirmed || busy !== undefined}
          onClick={() => start({ name, ...(emergency ? { emergency, confirmation } : {}) })}
        >
          {text(emergency ? 'switch.now.emergency' : 'switch.now')}
        </Button>
      </Group>
    </Panel>
  );
}

const isAsking = ({ data, error }: SwitchPlan): boolean => data === null && error === null;

function useRunning(): Operation | undefined {
  return useOperations().data?.find(({ outcome }) => outcome === 'running');
}

function PlanOrWhyNot({ plan, name }: { plan: SwitchPlan; name: string }) {
  const text = useText();
  if (plan.data) return <PlanView plan={plan.data} />;
  if (plan.error === null) {
    const words = text('switch.checks.running', { name });
    return (
      <>
        <Text size="sm">{words}</Text>
        <LoadingLines label={words} />
      </>
    );
  }
  return (
    <ErrorState title={text('switch.checks.failed')} onRetry={() => void plan.refetch()}>
      {errorText(plan.error)}
    </ErrorState>
  );
}

function PlanView({ plan }: { plan: SwitchoverPlan }) {
  const text = useText();
  return (
    <>
      {plan.possible ? null : (
        <div role="alert">
          <Banner tone="bad">{text('switch.checks.impossible', { reason: plan.reason })}</Banner>
        </div>
      )}
      <Text size="sm">{text('switch.checks.of', { from: plan.from, to: plan.to })}</Text>
      <ul className={classes.checks} aria-label={text('switch.checks')}>
        {plan.checks.map((check) => (
          <Check key={`${check.name} ${check.text}`} check={check} />
        ))}
      </ul>
      {plan.possible ? <Consequences plan={plan} /> : null}
    </>
  );
}

function Check({ check: { name, outcome, text: words } }: { check: CheckResult }) {
  const text = useText();
  return (
    <li>
      <StatusBadge tone={checkTones[outcome]} title={text(`recycle.check.${outcome}`)}>
        {name}
        <span className="visually-hidden">, {text(`recycle.check.${outcome}`)}</span>
      </StatusBadge>
      <span>{words}</span>
    </li>
  );
}

function Consequences({ plan: { loss, effect, commands } }: { plan: SwitchoverPlan }) {
  const text = useText();
  return (
    <>
      {loss === '' ? null : (
        <Section title={text('switch.loss')}>
          <Banner tone="warning">{loss}</Banner>
        </Section>
      )}
      <Section title={text('switch.effect')}>
        <Text size="sm">{effect}</Text>
      </Section>
      {commands.length === 0 ? null : (
        <Section title={text('switch.commands')}>
          <FollowUps label={text('switch.commands')} followUps={commands} />
        </Section>
      )}
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <Title order={3} size="h5" mb={6}>
        {title}
      </Title>
      {children}
    </section>
  );
}

interface ConfirmationProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Confirmation({ name, value, onChange }: ConfirmationProps) {
  const text = useText();
  const isWrong = value !== '' && !name.startsWith(value);
  return (
    <TextInput
      className={classes.confirm}
      label={text('switch.confirm', { name })}
      description={text('switch.confirm.text')}
      error={isWrong ? text('switch.confirm.wrong', { name }) : null}
      value={value}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
