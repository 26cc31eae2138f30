import { Button, Group } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import type { DatabaseStatus, DataSourceStatus } from '../../../../../contract/index.ts';
import { Banner } from '../../../ui/index.ts';
import { timesText } from '../../disk/disk-words.ts';
import { formatBytes, formatSeconds, formatShare } from '../../format/numbers.ts';
import { Panel } from '../../panel/panel.tsx';
import { type Text, useText } from '../../texts.ts';
import { SourceBadge } from '../source-health.tsx';
import { SourceName } from '../source-name.tsx';
import { type Candidate, candidatesOf, isMasterLost, masterOf } from './candidates.ts';
import { draft, useDraft } from './draft.ts';
import classes from './switch.module.css';

/** Which database is to be the master, and whether the present one takes part in it. */
export function ChooseStep({ status, onChosen }: { status: DatabaseStatus; onChosen: () => void }) {
  const text = useText();
  const candidates = useInFirstOrder(candidatesOf(status));
  const { name, emergency: decided } = useDraft();
  const fit = candidates.filter(({ unfit }) => unfit === undefined).map(({ source }) => source.name);
  const chosen = fit.find((each) => each === name) ?? fit[0];
  const emergency = decided ?? isMasterLost(status);
  const goOn = (): void => {
    if (chosen === undefined) return;
    draft.check(chosen, emergency);
    onChosen();
  };
  return (
    <Panel title={text('switch.choose')}>
      <Paths status={status} emergency={emergency} />
      {candidates.length === 0 ? (
        <Banner tone="warning">{text('switch.candidates.none')}</Banner>
      ) : (
        <fieldset className={classes.candidates}>
          <legend>{text('switch.candidates')}</legend>
          {candidates.map((candidate) => (
            <CandidateCard
              key={candidate.source.name}
              candidate={candidate}
              isChosen={candidate.source.name === chosen}
            />
          ))}
        </fieldset>
      )}
      <Group justify="flex-end" mt="lg">
        <Button disabled={chosen === undefined} onClick={goOn}>
          {text('switch.continue')}
        </Button>
      </Group>
    </Panel>
  );
}

/** The order is that of the first look: cards that change places under the pointer get chosen by mistake. */
function useInFirstOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  const [order] = useState(() => candidates.map(({ source }) => source.name));
  const place = ({ source }: Candidate): number => (order.indexOf(source.name) + order.length + 1) % (order.length + 1);
  return candidates.toSorted((one, other) => place(one) - place(other));
}

function Paths({ status, emergency }: { status: DatabaseStatus; emergency: boolean }) {
  const text = useText();
  const master = masterOf(status);
  const name = master?.name ?? '';
  return (
    <>
      {master && isMasterLost(status) ? (
        <Banner tone="bad">{text('switch.path.emergency.found', { master: name, cause: master.cause })}</Banner>
      ) : null}
      <fieldset className={classes.paths}>
        <legend>{text('switch.choose.path')}</legend>
        {[false, true].map((isEmergency) => {
          const path = isEmergency ? 'emergency' : 'planned';
          return (
            <ChoiceCard
              key={path}
              group="path"
              title={text(`switch.path.${path}`)}
              checked={emergency === isEmergency}
              onChoose={() => draft.takePath(isEmergency)}
            >
              {text(`switch.path.${path}.text`, { master: name })}
            </ChoiceCard>
          );
        })}
      </fieldset>
    </>
  );
}

function CandidateCard({ candidate, isChosen }: { candidate: Candidate; isChosen: boolean }) {
  const text = useText();
  const { source, unfit } = candidate;
  return (
    <ChoiceCard
      group="candidate"
      title={<SourceName name={source.name} />}
      badge={<SourceBadge source={source} />}
      checked={isChosen}
      disabled={unfit !== undefined}
      onChoose={() => draft.choose(source.name)}
    >
      {unfit === undefined ? null : <span>{text(`switch.unfit.${unfit}`, { cause: source.cause })}</span>}
      {unfit === undefined && source.health !== 'online' ? <span>{source.cause}</span> : null}
      <span className={classes.facts}>
        {factsOf(source, text).map(([name, value]) => (
          <span key={name}>
            {name}: {value}
          </span>
        ))}
      </span>
    </ChoiceCard>
  );
}

function factsOf({ lag_seconds: lag, lag_bytes: bytes, disk, server_version: version }: DataSourceStatus, text: Text) {
  const lagText = lag === null ? text('switch.candidate.lag.unknown') : formatSeconds(lag);
  return [
    [
      text('switch.candidate.lag'),
      bytes === null ? lagText : text('switch.candidate.lag.value', { seconds: lagText, bytes: formatBytes(bytes) }),
    ],
    [text('switch.candidate.disk'), diskText(disk, text)],
    [text('switch.candidate.version'), version ?? text('switch.candidate.version.unknown')],
  ] as const;
}

function diskText({ space, times_master: times }: DataSourceStatus['disk'], text: Text): string {
  if (space === null) return text('switch.candidate.disk.unknown');
  const free = text('switch.candidate.disk.free', { share: formatShare(space.free_bytes / space.total_bytes) });
  return times === null ? free : `${free}, ${timesText(times, text)}`;
}

interface ChoiceCardProps {
  readonly group: string;
  readonly title: ReactNode;
  readonly badge?: ReactNode;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

/** A radio button as a card: named by its title, described by all the rest. */
function ChoiceCard({ group, title, badge, checked, disabled = false, onChoose, children }: ChoiceCardProps) {
  const id = useId();
  return (
    <label className={classes.card}>
      <input
        type="radio"
        name={group}
        checked={checked}
        disabled={disabled}
        onChange={onChoose}
        aria-labelledby={`${id}title`}
        aria-describedby={`${id}badge ${id}body`}
      />
      <span className={classes.title}>
        <span id={`${id}title`}>{title}</span>
        <span id={`${id}badge`}>{badge}</span>
      </span>
      <span id={`${id}body`} className={classes.body}>
        {children}
      </span>
    </label>
  );
}
