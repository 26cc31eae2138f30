import { useEffect } from 'react';
import { unreadOf, useChat } from '../state/index.ts';

/** The tab says how often the user was mentioned, or that something is unread. */
export function useUnreadTitle(): void {
  const title = useChat((state) => {
    const all = Object.values(state.channels).map((channel) => unreadOf(channel, state.members[channel.id]));
    const mentions = all.reduce((sum, unread) => sum + unread.mentions, 0);
    const mark = mentions > 0 ? `(${mentions}) ` : all.some((unread) => unread.messages > 0) ? '• ' : '';
    return `${mark}${state.team?.display_name ?? 'Holdfast'}`;
  });
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = 'Holdfast';
    };
  }, [title]);
}
