import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { MessageCircleOff } from 'lucide-react';
import { useEffect } from 'react';
import { api, errorText, useCurrentUser } from '../../client/index.ts';
import { EmptyState, ErrorState, LoadingLines } from '../../ui/index.ts';
import { takeChannel } from '../data/team.ts';
import { keepUsers } from '../data/users.ts';
import { openDialog } from '../dialogs/dialog-store.ts';
import { rememberChannel } from '../layout/chat-layout.tsx';
import layout from '../layout/chat-layout.module.css';
import { chatState, useChat } from '../state/index.ts';
import { useText } from '../texts.ts';
import { ChannelView } from './channel-view.tsx';

function NoChannel() {
  const text = useText();
  return (
    <main className={layout.main}>
      <EmptyState level={1} title={text('channel.unknown')} icon={MessageCircleOff}>
        <Button variant="default" onClick={() => openDialog('browse-channels')}>
          {text('dialog.title.browse-channels')}
        </Button>
      </EmptyState>
    </main>
  );
}

/** A channel of the team, by its name. */
export function ChannelPage() {
  const { team, name } = useParams({ from: '/$team/channels/$name' });
  const channel = useChat((state) =>
    Object.values(state.channels).find((each) => each.name === name && each.type !== 'D' && state.members[each.id]),
  );
  useEffect(() => rememberChannel(team, name), [team, name]);
  return channel ? <ChannelView channel={channel} /> : <NoChannel />;
}

/** The direct channel with a user: found among the user's own, else made. */
async function findDirect(myId: string, username: string): Promise<string> {
  const user =
    Object.values(chatState().users).find((each) => each.username === username) ?? (await api.users.byName(username));
  keepUsers([user]);
  const name = [myId, user.id].toSorted().join('__');
  const known = Object.values(chatState().channels).find((channel) => channel.type === 'D' && channel.name === name);
  if (known) return known.id;
  const made = await api.channels.direct([myId, user.id]);
  await takeChannel(made.id);
  return made.id;
}

/** Direct messages with one user, by their name. */
export function DirectPage() {
  const text = useText();
  const me = useCurrentUser();
  const { user } = useParams({ from: '/$team/messages/$user' });
  const query = useQuery({ queryKey: ['direct-channel', me.id, user], queryFn: () => findDirect(me.id, user) });
  const channel = useChat((state) => (query.data === undefined ? undefined : state.channels[query.data]));
  if (channel) return <ChannelView channel={channel} />;
  return (
    <main className={layout.main}>
      {query.isError ? (
        <ErrorState level={1} title={text('direct.failed')} onRetry={() => void query.refetch()}>
          {errorText(query.error)}
        </ErrorState>
      ) : (
        <LoadingLines lines={8} label={text('list.loading')} />
      )}
    </main>
  );
}
