import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import type { Channel } from '../../../../contract/index.ts';
import { api, errorText } from '../../client/index.ts';
import { Banner } from '../../ui/index.ts';
import { change, useChat, withEntry } from '../state/index.ts';
import { useText } from '../texts.ts';
import { closeDialog } from './dialog-store.ts';

function EditForm({ channel }: { channel: Channel }) {
  const text = useText();
  const [displayName, setDisplayName] = useState(channel.display_name);
  const [header, setHeader] = useState(channel.header);
  const [purpose, setPurpose] = useState(channel.purpose);
  const saving = useMutation({
    mutationFn: () => api.channels.patch(channel.id, { display_name: displayName.trim(), header, purpose }),
    onSuccess: (saved) => {
      change((state) => ({ ...state, channels: withEntry(state.channels, saved.id, saved) }));
      closeDialog();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <div role="alert">{saving.isError ? <Banner tone="bad">{errorText(saving.error)}</Banner> : null}</div>
        <TextInput
          label={text('channel.name')}
          data-autofocus
          required
          withAsterisk={false}
          maxLength={64}
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <TextInput
          label={text('channel.header')}
          maxLength={1024}
          value={header}
          onChange={(event) => setHeader(event.currentTarget.value)}
        />
        <TextInput
          label={text('channel.purpose')}
          maxLength={250}
          value={purpose}
          onChange={(event) => setPurpose(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={closeDialog}>
            {text('dialog.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {text('dialog.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Name, header and purpose of a channel. */
export function EditChannel({ channelId }: { channelId: string }) {
  const channel = useChat((state) => state.channels[channelId]);
  return channel ? <EditForm channel={channel} /> : null;
}
