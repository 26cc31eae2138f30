import { useEffect, useLayoutEffect, useRef } from 'react';
import type { Channel } from '../../../../contract/index.ts';
import { setOpenChannel } from '../data/follow.ts';
import { rememberReadPlace } from '../data/posts.ts';
import { viewChannel } from '../data/read-marks.ts';
import { chatState, unreadOf, useChat } from '../state/index.ts';

const isVisible = () => document.visibilityState === 'visible';

function readIfUnread(channelId: string): void {
  const { channels, members, windows } = chatState();
  const channel = channels[channelId];
  if (!channel || !windows[channelId] || !isVisible()) return;
  const { messages, mentions } = unreadOf(channel, members[channelId]);
  if (messages > 0 || mentions > 0) viewChannel(channelId);
}

/**
 * The open channel counts as read while the page can be seen. Posts that come before the reader's eyes are not "new":
 * the line moves on with them, unless it already marks something.
 */
export function useReading(channel: Channel): void {
  const hasWindow = useChat((state) => state.windows[channel.id] !== undefined);
  const lastPostAt = channel.last_post_at;
  const seen = useRef({ channelId: channel.id, lastPostAt });
  useLayoutEffect(() => {
    const before = seen.current;
    seen.current = { channelId: channel.id, lastPostAt };
    const nothingMarked = (chatState().readUpTo[channel.id] ?? 0) >= before.lastPostAt;
    if (before.channelId === channel.id && lastPostAt > before.lastPostAt && isVisible() && nothingMarked) {
      rememberReadPlace(channel.id, lastPostAt);
    }
  }, [channel.id, lastPostAt]);
  useEffect(() => {
    setOpenChannel(channel.id);
    return () => {
      setOpenChannel(undefined);
      // The line of this visit is gone at the next one, which begins before anything is asked of the server.
      rememberReadPlace(channel.id, chatState().members[channel.id]?.last_viewed_at ?? 0);
    };
  }, [channel.id]);
  useEffect(() => readIfUnread(channel.id), [channel.id, hasWindow, lastPostAt]);
  useEffect(() => {
    const onChange = () => {
      if (isVisible()) readIfUnread(channel.id);
      else rememberReadPlace(channel.id, chatState().channels[channel.id]?.last_post_at ?? 0);
    };
    document.addEventListener('visibilitychange', onChange);
    return () => document.removeEventListener('visibilitychange', onChange);
  }, [channel.id]);
}
