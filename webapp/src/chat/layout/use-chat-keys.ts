import { useEffect } from 'react';
import { openDialog, useDialog } from '../dialogs/dialog-store.ts';
import { useOpenChannel } from '../dialogs/use-open-channel.ts';
import { getOpenChannel } from '../data/follow.ts';
import { channelsInOrder, chatState, unreadOf } from '../state/index.ts';
import { focusNextRegion } from './regions.ts';

function neighbourChannel(step: 1 | -1, unreadOnly: boolean) {
  const state = chatState();
  const all = channelsInOrder(state);
  const at = all.findIndex((channel) => channel.id === getOpenChannel());
  for (let count = 1; count <= all.length; count += 1) {
    const channel = all[(at + step * count + all.length * 2) % all.length];
    if (!channel || channel.id === getOpenChannel()) continue;
    if (!unreadOnly || unreadOf(channel, state.members[channel.id]).messages > 0) return channel;
  }
  return undefined;
}

type OpenChannel = ReturnType<typeof useOpenChannel>['open'];

/** True when the key was one of the chat's. */
function handle(event: KeyboardEvent, open: OpenChannel): boolean {
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key.toLowerCase() === 'k') openDialog('switcher');
  else if (control && event.key === '/') openDialog('shortcuts');
  else if (event.key === 'F6') focusNextRegion(event.shiftKey ? -1 : 1);
  else if (event.altKey && !control && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    const channel = neighbourChannel(event.key === 'ArrowUp' ? -1 : 1, event.shiftKey);
    if (channel) open(channel);
  } else return false;
  return true;
}

/** The keys that work wherever the focus is. */
export function useChatKeys(): void {
  const { open } = useOpenChannel();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || useDialog.getState().name !== undefined) return;
      if (handle(event, open)) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
}
