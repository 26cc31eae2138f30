import { Button } from '@mantine/core';
import { ArrowDown } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { Channel } from '../../../../contract/index.ts';
import { LoadingLines, WaitingState } from '../../ui/index.ts';
import { catchUp, loadLatest } from '../data/posts.ts';
import { useOutboxView } from '../outbox/index.ts';
import { type PostWindow, useChat } from '../state/index.ts';
import { useText } from '../texts.ts';
import { LiveAnnouncer } from './live-announcer.tsx';
import { Beginning, DayDivider, GapMark, LoadingMark, NewLine } from './marks.tsx';
import classes from './message-list.module.css';
import { MessageRow } from './message-row.tsx';
import { buildRows, createRowMemory, type Row } from './rows.ts';
import { useListFocus } from './use-list-focus.ts';
import { useListScroll } from './use-list-scroll.ts';

export interface MessageListProps {
  readonly channel: Channel;
  readonly title: string;
  /** The messages cannot be read at the moment; they are asked for again and again. */
  readonly keptWaiting?: boolean;
}

function useRows(channelId: string, window: PostWindow): Row[] {
  const posts = useChat((state) => state.posts);
  const myId = useChat((state) => state.myId);
  const readUpTo = useChat((state) => state.readUpTo[channelId] ?? 0);
  const items = useOutboxView((view) => view.items);
  const [remember] = useState(createRowMemory);
  return useMemo(() => {
    const pending = items.filter((item) => item.entry.channelId === channelId);
    return remember(buildRows({ window, posts, pending, myId, readUpTo }));
  }, [channelId, window, posts, items, myId, readUpTo, remember]);
}

interface RowViewProps {
  readonly row: Row;
  readonly tabbable: boolean;
  readonly channel: Channel;
  readonly title: string;
}

function RowView({ row, tabbable, channel, title }: RowViewProps) {
  switch (row.kind) {
    case 'post':
    case 'pending':
      return <MessageRow row={row} tabbable={tabbable} />;
    case 'day':
      return <DayDivider at={row.at} />;
    case 'new':
      return <NewLine />;
    case 'gap':
      return <GapMark onLoad={() => void catchUp(channel.id).catch(() => undefined)} />;
    case 'beginning':
      return <Beginning title={title} direct={channel.type === 'D'} />;
    case 'older':
    case 'newer':
      return <LoadingMark />;
  }
}

function JumpToLatest({ unseen, onJump }: { unseen: number; onJump: () => void }) {
  const text = useText();
  return (
    <div className={classes.jump}>
      <Button size="compact-md" radius="xl" leftSection={<ArrowDown size={16} aria-hidden="true" />} onClick={onJump}>
        {unseen > 0 ? text('list.jump_new', { count: unseen }) : text('list.jump')}
      </Button>
    </div>
  );
}

function LoadedList({ channel, title, window }: MessageListProps & { readonly window: PostWindow }) {
  const text = useText();
  const rows = useRows(channel.id, window);
  const scroller = useRef<HTMLDivElement>(null);
  const { virtualizer, atEnd, unseen, jumpToEnd } = useListScroll({ channelId: channel.id, rows, window, scroller });
  const focus = useListFocus(rows, virtualizer);
  const jump = () => {
    if (window.hasNewer) void loadLatest(channel.id).then(jumpToEnd, () => undefined);
    else jumpToEnd();
  };
  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.scroller}
        role="log"
        aria-label={text('list.label', { channel: title })}
        aria-live="off"
        onKeyDown={focus.onKeyDown}
      >
        <div className={classes.rows} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ key, index, start }) => {
            const row = rows[index];
            return row ? (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className={classes.row}
                style={{ transform: `translateY(${start}px)` }}
              >
                <RowView row={row} tabbable={focus.isTabbable(index)} channel={channel} title={title} />
              </div>
            ) : null;
          })}
        </div>
      </div>
      {atEnd && !window.hasNewer ? null : <JumpToLatest unseen={unseen} onJump={jump} />}
      <LiveAnnouncer rows={rows} />
    </div>
  );
}

/** A channel's messages: as many elements as fit the screen, whatever the length of the history. */
export function MessageList({ channel, title, keptWaiting = false }: MessageListProps) {
  const text = useText();
  const window = useChat((state) => state.windows[channel.id]);
  if (!window) {
    return (
      <div className={classes.frame}>
        {keptWaiting ? (
          <WaitingState title={text('list.waiting')}>{text('waiting.by_itself')}</WaitingState>
        ) : (
          <LoadingLines lines={10} label={text('list.loading')} />
        )}
      </div>
    );
  }
  return <LoadedList key={channel.id} channel={channel} title={title} window={window} />;
}
