import { Text, Title } from '@mantine/core';
import type { Operation } from '../../../../../contract/index.ts';
import { Banner } from '../../../ui/index.ts';
import { Moment } from '../../panel/age.tsx';
import { Facts } from '../../panel/facts.tsx';
import { Panel } from '../../panel/panel.tsx';
import { useText } from '../../texts.ts';
import { outcomeTone } from '../recycle-panel.tsx';
import { FollowUps } from './commands.tsx';
import { ConfigurationResult } from './configuration-step.tsx';
import { CopyButton } from './copy-button.tsx';
import { measures, reportText, switchResult } from './report.ts';
import classes from './switch.module.css';

/** How a switch went, and what is left to do. */
export function SwitchReport({ operation }: { operation: Operation }) {
  const text = useText();
  return (
    <Panel
      title={text('switch.report')}
      actions={<CopyButton copied={reportText(operation, text)} label={text('operation.copy')} size="sm" />}
    >
      <Banner tone={outcomeTone(operation.outcome)}>{switchResult(operation, text)}</Banner>
      <Facts
        facts={[
          [text('switch.report.actor'), operation.actor],
          [text('switch.report.started'), <Moment key="start" at={operation.started_at} />],
          ...measures(operation, text),
        ]}
      />
      <SwitchFollowUps operation={operation} />
    </Panel>
  );
}

/** What a person has to do after a switch. */
export function SwitchFollowUps({ operation }: { operation: Operation }) {
  const text = useText();
  const { outcome, follow_ups: followUps = [] } = operation;
  const title = text('switch.follow_ups');
  const nothing = outcome === 'succeeded' ? 'switch.follow_ups.none' : 'switch.follow_ups.read';
  return (
    <section className={classes.section}>
      <Title order={3} size="h5" mb={6}>
        {title}
      </Title>
      {followUps.length > 0 ? (
        <FollowUps label={title} followUps={followUps} />
      ) : (
        <Text size="sm">{text(nothing)}</Text>
      )}
    </section>
  );
}

/** The same on the page of the operation, which shows the rest already. */
export function SwitchRemainder({ operation }: { operation: Operation }) {
  const text = useText();
  if (operation.kind !== 'switchover' || operation.outcome === 'running') return null;
  return (
    <>
      {operation.configuration ? (
        <Panel title={text('switch.configuration')}>
          <ConfigurationResult configuration={operation.configuration} />
        </Panel>
      ) : null}
      {operation.follow_ups === undefined ? null : (
        <Panel title={text('switch.report')}>
          <SwitchFollowUps operation={operation} />
        </Panel>
      )}
    </>
  );
}
