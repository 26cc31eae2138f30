import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { MessageCircleOff, X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import type { Channel } from '../../../../contract/index.ts';
import { errorText } from '../../client/index.ts';
import { EmptyState, ErrorState, LoadingLines } from '../../ui/index.ts';
import { Composer } from '../composer/composer.tsx';
import { setOpenThread } from '../data/follow.ts';
import { loadThread } from '../data/posts.ts';
import { ListActionsContext } from '../messages/list-actions.ts';
import { LiveAnnouncer } from '../messages/live-announcer.tsx';
import { MessageRow, type MessageRowData } from '../messages/message-row.tsx';
import { buildThreadRows } from '../messages/rows.ts';
import { useListActionsValue } from '../messages/use-list-actions.tsx';
import { type Outbox, useOutboxView } from '../outbox/index.ts';
import { useChat } from '../state/index.ts';
import { useText } from '../texts.ts';
import classes from './thread-panel.module.css';

export interface ThreadPanelProps {
  readonly channel: Channel;
  readonly rootId: string;
  readonly outbox: Outbox;
  readonly onClose: () => void;
}

const noPosts: readonly string[] = [];

function useThreadRows(rootId: string): MessageRowData[] {
  const order = useChat((state) => state.threads[rootId] ?? noPosts);
  const posts = useChat((state) => state.posts);
  const items = useOutboxView((view) => view.items);
  return useMemo(() => {
    const pending = items.filter((item) => item.entry.rootId === rootId);
    return buildThreadRows(order, { posts, pending });
  }, [order, posts, items, rootId]);
}

/** A thread is short: all of it is on the page. It opens at its end and follows there. */
function ThreadMessages({ rootId }: { rootId: string }) {
  const text = useText();
  const rows = useThreadRows(rootId);
  const isGone = useChat((state) => state.threads[rootId]?.length === 0);
  const scroller = useRef<HTMLDivElement>(null);
  const lastKey = rows.at(-1)?.key;
  useEffect(() => {
    const box = scroller.current;
    if (box && lastKey !== undefined) box.scrollTop = box.scrollHeight;
  }, [lastKey]);
  return (
    <div ref={scroller} className={classes.messages} role="log" aria-label={text('thread.messages')} aria-live="off">
      {isGone ? <EmptyState title={text('thread.gone')} icon={MessageCircleOff} /> : null}
      {rows.map((row, place) => (
        <MessageRow key={row.key} row={row} tabbable={place === rows.length - 1} inThread />
      ))}
      <LiveAnnouncer rows={rows} />
    </div>
  );
}

function ThreadBody({ rootId }: { rootId: string }) {
  const text = useText();
  const loading = useQuery({
    queryKey: ['thread', rootId],
    queryFn: async () => {
      await loadThread(rootId);
      return rootId;
    },
    staleTime: 0,
    gcTime: 0,
  });
  const loaded = useChat((state) => state.threads[rootId] !== undefined);
  if (loaded) return <ThreadMessages rootId={rootId} />;
  if (!loading.isError) return <LoadingLines lines={5} label={text('list.loading')} />;
  return (
    <ErrorState title={text('thread.failed')} onRetry={() => void loading.refetch()}>
      {errorText(loading.error)}
    </ErrorState>
  );
}

/** A thread beside its channel. */
export function ThreadPanel({ channel, rootId, outbox, onClose }: ThreadPanelProps) {
  const text = useText();
  const input = { channelId: channel.id, rootId, onThread: () => undefined };
  const { value, editLast, dialog } = useListActionsValue(input);
  const isGone = useChat((state) => state.threads[rootId]?.length === 0);
  useEffect(() => {
    setOpenThread(rootId);
    return () => setOpenThread(undefined);
  }, [rootId]);
  return (
    <aside
      className={classes.panel}
      aria-label={text('thread.label')}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
    >
      <div className={classes.header}>
        <h2>{text('thread.label')}</h2>
        <ActionIcon aria-label={text('thread.close')} onClick={onClose}>
          <X size={19} aria-hidden="true" />
        </ActionIcon>
      </div>
      <ListActionsContext.Provider value={value}>
        <ThreadBody rootId={rootId} />
      </ListActionsContext.Provider>
      {isGone ? null : (
        <Composer
          outbox={outbox}
          channelId={channel.id}
          rootId={rootId}
          label={text('thread.composer')}
          onEditLast={editLast}
        />
      )}
      {dialog}
    </aside>
  );
}
