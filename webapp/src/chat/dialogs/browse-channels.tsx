import { Button, Group, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Plus, Search } from 'lucide-react';
import { useState } from 'react';
import type { Channel } from '../../../../contract/index.ts';
import { api, errorText } from '../../client/index.ts';
import { Banner, ErrorState, LoadingLines } from '../../ui/index.ts';
import { useChat } from '../state/index.ts';
import { useText } from '../texts.ts';
import { closeDialog, openDialog } from './dialog-store.ts';
import classes from './dialogs.module.css';
import { useOpenChannel } from './use-open-channel.ts';

function ChannelLine({ channel }: { channel: Channel }) {
  const text = useText();
  const joined = useChat((state) => state.members[channel.id] !== undefined);
  const { open, join } = useOpenChannel();
  const joining = useMutation({ mutationFn: () => join(channel), onSuccess: closeDialog });
  const go = () => {
    if (!joined) return joining.mutate();
    open(channel);
    closeDialog();
  };
  return (
    <li className={classes.line}>
      <div className={classes.lineText}>
        <Text fw={600} truncate>
          {channel.display_name}
        </Text>
        <Text size="sm" c="dimmed" truncate>
          {channel.purpose}
        </Text>
        {joining.isError ? <Banner tone="bad">{errorText(joining.error)}</Banner> : null}
      </div>
      <Button
        variant="default"
        loading={joining.isPending}
        aria-label={text(joined ? 'browse.open_named' : 'browse.join_named', { channel: channel.display_name })}
        onClick={go}
      >
        {text(joined ? 'browse.open' : 'browse.join')}
      </Button>
    </li>
  );
}

/** The team's open channels. */
export function BrowseChannels() {
  const text = useText();
  const teamId = useChat((state) => state.team?.id ?? '');
  const [term, setTerm] = useState('');
  const query = useQuery({
    queryKey: ['open-channels', teamId],
    queryFn: () => api.channels.openIn(teamId),
    staleTime: 0,
  });
  const wanted = term.trim().toLowerCase();
  const found = query.data?.filter((channel) => channel.display_name.toLowerCase().includes(wanted));
  return (
    <Stack>
      <Group align="flex-end" wrap="nowrap">
        <TextInput
          className={classes.grow}
          aria-label={text('browse.search')}
          placeholder={text('browse.search')}
          leftSection={<Search size={16} aria-hidden="true" />}
          data-autofocus
          value={term}
          onChange={(event) => setTerm(event.currentTarget.value)}
        />
        <Button leftSection={<Plus size={16} aria-hidden="true" />} onClick={() => openDialog('create-channel')}>
          {text('browse.create')}
        </Button>
      </Group>
      {query.isPending ? <LoadingLines /> : null}
      {query.isError ? (
        <ErrorState title={text('browse.failed')} onRetry={() => void query.refetch()}>
          {errorText(query.error)}
        </ErrorState>
      ) : null}
      {found?.length === 0 ? <Text c="dimmed">{text('browse.none')}</Text> : null}
      <ScrollArea.Autosize mah="50vh" type="auto">
        <ul className={classes.list}>
          {found?.map((channel) => (
            <ChannelLine key={channel.id} channel={channel} />
          ))}
        </ul>
      </ScrollArea.Autosize>
    </Stack>
  );
}
