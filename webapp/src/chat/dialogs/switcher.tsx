import { Text, TextInput } from '@mantine/core';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import type { Channel } from '../../../../contract/index.ts';
import { type ChatState, channelTitle, unreadOf, useChat } from '../state/index.ts';
import { useText } from '../texts.ts';
import { closeDialog } from './dialog-store.ts';
import classes from './dialogs.module.css';
import { useOpenChannel } from './use-open-channel.ts';

interface Target {
  readonly channel: Channel;
  readonly title: string;
  readonly unread: boolean;
}

const most = 10;

/** Unread channels first, then the busiest; with a term, those that start with it. */
function targetsFor(state: ChatState, term: string): Target[] {
  const targets = Object.values(state.channels)
    .filter((channel) => state.members[channel.id] && channel.delete_at === 0)
    .map((channel) => ({
      channel,
      title: channelTitle(state, channel),
      unread: unreadOf(channel, state.members[channel.id]).messages > 0,
    }))
    .filter((target) => target.title.toLowerCase().includes(term));
  const starts = (target: Target) => (target.title.toLowerCase().startsWith(term) ? 1 : 0);
  return targets
    .toSorted(
      (a, b) =>
        starts(b) - starts(a) || Number(b.unread) - Number(a.unread) || b.channel.last_post_at - a.channel.last_post_at,
    )
    .slice(0, most);
}

interface ResultsProps {
  readonly id: string;
  readonly targets: readonly Target[];
  readonly active: number;
  readonly onPoint: (place: number) => void;
  readonly onChoose: (target: Target) => void;
}

function Results({ id, targets, active, onPoint, onChoose }: ResultsProps) {
  const text = useText();
  return (
    <>
      <ul id={`${id}-list`} role="listbox" aria-label={text('switcher.results')} className={classes.results}>
        {targets.map((target, place) => (
          <li
            key={target.channel.id}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === active}
            className={classes.option}
            onMouseMove={() => onPoint(place)}
            onClick={() => onChoose(target)}
          >
            <span>{target.title}</span>
            {target.unread ? <Text size="xs">{text('switcher.unread')}</Text> : null}
          </li>
        ))}
      </ul>
      {targets.length === 0 ? <Text c="dimmed">{text('switcher.none')}</Text> : null}
    </>
  );
}

/** Goes to a channel by a few letters of its name. */
export function Switcher() {
  const text = useText();
  const id = useId();
  const state = useChat();
  const [term, setTerm] = useState('');
  const [active, setActive] = useState(0);
  const targets = useMemo(() => targetsFor(state, term.trim().toLowerCase()), [state, term]);
  const { open } = useOpenChannel();
  const go = (target: Target | undefined) => {
    if (!target) return;
    closeDialog();
    open(target.channel);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive((active + 1) % Math.max(1, targets.length));
    else if (event.key === 'ArrowUp') setActive((active + targets.length - 1) % Math.max(1, targets.length));
    else if (event.key === 'Enter') go(targets[active]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-label={text('switcher.label')}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={targets.length > 0 ? `${id}-${active}` : undefined}
        value={term}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setTerm(event.currentTarget.value);
          setActive(0);
        }}
      />
      <Results id={id} targets={targets} active={active} onPoint={setActive} onChoose={go} />
    </>
  );
}
