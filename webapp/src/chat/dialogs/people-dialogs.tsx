import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { User } from '../../../../contract/index.ts';
import { api, errorText } from '../../client/index.ts';
import { StatusBadge } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import { closeDialog } from './dialog-store.ts';
import { PeopleSearch } from './people-search.tsx';
import { useOpenChannel } from './use-open-channel.ts';

/** Chooses somebody to write to. */
export function DirectMessage() {
  const text = useText();
  const { openDirect } = useOpenChannel();
  const write = (user: User) => {
    closeDialog();
    openDirect(user.username);
  };
  return (
    <PeopleSearch
      action={(user) => (
        <Button
          variant="default"
          aria-label={text('direct.write_to', { name: user.username })}
          onClick={() => write(user)}
        >
          {text('direct.write')}
        </Button>
      )}
    />
  );
}

function AddButton({ channelId, user }: { channelId: string; user: User }) {
  const text = useText();
  const adding = useMutation({ mutationFn: () => api.channels.join(channelId, user.id) });
  if (adding.isSuccess) return <StatusBadge tone="good">{text('people.added')}</StatusBadge>;
  if (adding.isError) return <StatusBadge tone="bad">{errorText(adding.error)}</StatusBadge>;
  return (
    <Button
      variant="default"
      loading={adding.isPending}
      aria-label={text('people.add_named', { name: user.username })}
      onClick={() => adding.mutate()}
    >
      {text('people.add')}
    </Button>
  );
}

/** Adds members of the team to a channel. */
export function AddPeople({ channelId }: { channelId: string }) {
  return <PeopleSearch notInChannelId={channelId} action={(user) => <AddButton channelId={channelId} user={user} />} />;
}
