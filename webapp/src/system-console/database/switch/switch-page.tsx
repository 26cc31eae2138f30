import { Button, Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { DatabaseStatus, Operation } from '../../../../../contract/index.ts';
import { LoadingLines } from '../../../ui/index.ts';
import { useDatabaseStatus, useOperation } from '../../data/queries.ts';
import { ConsoleLink } from '../../frame/console-link.tsx';
import { ModeBadge } from '../../frame/mode-badge.tsx';
import { PageHeader } from '../../frame/page-header.tsx';
import { Panel, QueryContent } from '../../panel/panel.tsx';
import { useText } from '../../texts.ts';
import { ModeReason } from '../mode-reason.tsx';
import { isMasterLost } from './candidates.ts';
import { ChecksStep } from './checks-step.tsx';
import { ChooseStep } from './choose-step.tsx';
import { ConfigurationResult } from './configuration-step.tsx';
import { draft, useDraft } from './draft.ts';
import { RunningStep } from './running-step.tsx';
import { nextStep, shownStep, type WizardFacts, type WizardStep } from './steps.ts';
import { SwitchReport } from './switch-report.tsx';
import classes from './switch.module.css';
import { useFollowSwitch } from './use-start-switch.ts';
import { WizardSteps } from './wizard-steps.tsx';

/** The wizard: before the switch, and of one switch from its beginning to its report. */
export function SwitchPage({ operationId }: { operationId: string | undefined }) {
  const text = useText();
  const status = useDatabaseStatus();
  return (
    <>
      <PageHeader
        title={text('switch.title')}
        badge={status.data && !status.error ? <ModeBadge mode={status.data.mode} /> : null}
      >
        <ConsoleLink to="database">{text('operation.back')}</ConsoleLink>
        {status.data ? <ModeReason mode={status.data.mode} /> : null}
      </PageHeader>
      <section aria-label={text('switch.region')}>
        {operationId === undefined ? (
          <QueryContent title={text('switch.title')} query={status}>
            {(data) => <PlannedSwitch status={data} />}
          </QueryContent>
        ) : (
          <BegunSwitch key={operationId} id={operationId} />
        )}
      </section>
    </>
  );
}

function PlannedSwitch({ status }: { status: DatabaseStatus }) {
  const text = useText();
  const { name, emergency, checked, begun } = useDraft();
  const [wanted, want] = useState<WizardStep>();
  useFollowSwitch();
  const checkedName = checked ? name : undefined;
  const facts: WizardFacts = { checked: checkedName, starting: begun !== undefined, operation: undefined, wanted };
  const step = shownStep(facts);
  // Choosing again leads on to the checks again.
  if (wanted === 'checks') want(undefined);
  return (
    <>
      <WizardSteps facts={facts} onShow={want} />
      <Step step={step}>
        {step === 'choose' ? <ChooseStep status={status} onChosen={() => want(undefined)} /> : null}
        {step === 'checks' && name !== undefined ? (
          <ChecksStep name={name} emergency={emergency ?? isMasterLost(status)} onBack={() => want('choose')} />
        ) : null}
        {step === 'switch' ? (
          <Panel title={text('switch.starting')}>
            <LoadingLines label={text('switch.starting')} />
          </Panel>
        ) : null}
      </Step>
    </>
  );
}

function BegunSwitch({ id }: { id: string }) {
  const text = useText();
  const operation = useOperation(id);
  return (
    <QueryContent title={text('switch.title')} query={operation}>
      {(data) => <FollowedSwitch operation={data} />}
    </QueryContent>
  );
}

/** What was watched from its start stays where it is when it ends; what is looked up later begins with the report. */
function FollowedSwitch({ operation }: { operation: Operation }) {
  const text = useText();
  const navigate = useNavigate();
  const wasFollowed = useDraft((state) => state.followed === operation.id);
  const [wanted, want] = useState<WizardStep | undefined>(() =>
    wasFollowed || operation.outcome === 'running' ? 'switch' : undefined,
  );
  const facts: WizardFacts = { checked: undefined, starting: false, operation, wanted };
  const step = shownStep(facts);
  const next = nextStep(facts);
  const planAnother = (): void => {
    draft.discard();
    void navigate({ to: '/admin_console/$', params: { _splat: 'database/switch' } });
  };
  return (
    <>
      <WizardSteps facts={facts} onShow={want} />
      <Step step={step}>
        {step === 'switch' ? <RunningStep operation={operation} /> : null}
        {step === 'configuration' && operation.configuration ? (
          <Panel title={text('switch.configuration')}>
            <ConfigurationResult configuration={operation.configuration} />
          </Panel>
        ) : null}
        {step === 'report' ? <SwitchReport operation={operation} /> : null}
        <Group justify="flex-end">
          {next ? <Button onClick={() => want(next)}>{text('switch.continue')}</Button> : null}
          {step === 'report' ? (
            <Button variant="default" onClick={planAnother}>
              {text('switch.new')}
            </Button>
          ) : null}
        </Group>
      </Step>
    </>
  );
}

/** Takes over the focus when the button that led here is gone: the next Tab goes on in this step. */
function Step({ step, children }: { step: WizardStep; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const first = useRef(step);
  useEffect(() => {
    if (first.current === step) return;
    first.current = step;
    if (document.activeElement === document.body) place.current?.focus();
  }, [step]);
  return (
    <div ref={place} tabIndex={-1} className={classes.step}>
      {children}
    </div>
  );
}
