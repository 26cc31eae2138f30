import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Channel } from '../../../../contract/index.ts';
import { errorText, useCurrentUser } from '../../client/index.ts';
import { ErrorState } from '../../ui/index.ts';
import { Composer } from '../composer/composer.tsx';
import { isKeptWaiting, untilItComes } from '../data/patience.ts';
import { openChannel } from '../data/posts.ts';
import layout from '../layout/chat-layout.module.css';
import { ListActionsContext } from '../messages/list-actions.ts';
import { MessageList } from '../messages/message-list.tsx';
import { useListActionsValue } from '../messages/use-list-actions.tsx';
import { type Outbox, userOutbox } from '../outbox/index.ts';
import { channelTitle, useChat } from '../state/index.ts';
import { useText } from '../texts.ts';
import { ThreadPanel } from '../thread/thread-panel.tsx';
import { ChannelHeader } from './channel-header.tsx';
import { useReading } from './use-reading.ts';

/** Which thread is open beside the channel: part of the address, so that a reload keeps it. */
function useThread(): [string | undefined, (rootId: string | undefined) => void] {
  const { thread } = useSearch({ strict: false });
  const navigate = useNavigate();
  const open = (rootId: string | undefined) =>
    void navigate({ to: '.', search: rootId === undefined ? {} : { thread: rootId } });
  return [thread, open];
}

function useOpenedChannel(channelId: string) {
  return useQuery({
    queryKey: ['open-channel', channelId],
    queryFn: async () => {
      await openChannel(channelId);
      return channelId;
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    ...untilItComes,
  });
}

interface ConversationProps {
  readonly channel: Channel;
  readonly outbox: Outbox;
  readonly onThread: (rootId: string | undefined) => void;
}

function Conversation({ channel, outbox, onThread }: ConversationProps) {
  const text = useText();
  const title = useChat((state) => channelTitle(state, channel));
  const loading = useOpenedChannel(channel.id);
  const hasWindow = useChat((state) => state.windows[channel.id] !== undefined);
  const { value, editLast, dialog } = useListActionsValue({ channelId: channel.id, rootId: '', onThread });
  useReading(channel);
  return (
    <main className={layout.main}>
      <ChannelHeader channel={channel} title={title} />
      <ListActionsContext.Provider value={value}>
        {loading.isError && !hasWindow ? (
          <ErrorState title={text('list.failed')} onRetry={() => void loading.refetch()}>
            {errorText(loading.error)}
          </ErrorState>
        ) : (
          <MessageList channel={channel} title={title} keptWaiting={isKeptWaiting(loading)} />
        )}
      </ListActionsContext.Provider>
      <Composer
        outbox={outbox}
        channelId={channel.id}
        rootId=""
        label={text('composer.label', { channel: title })}
        onEditLast={editLast}
      />
      {dialog}
    </main>
  );
}

/** A channel on the screen, with a thread beside it when the address names one. */
export function ChannelView({ channel }: { channel: Channel }) {
  const user = useCurrentUser();
  const outbox = useMemo(() => userOutbox(user.id), [user.id]);
  const [thread, openThread] = useThread();
  return (
    <>
      <Conversation channel={channel} outbox={outbox} onThread={openThread} />
      {thread === undefined ? null : (
        <ThreadPanel
          key={thread}
          channel={channel}
          rootId={thread}
          outbox={outbox}
          onClose={() => openThread(undefined)}
        />
      )}
    </>
  );
}
