import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { api, errorText } from '../../client/index.ts';
import { addressOf, Banner } from '../../ui/index.ts';
import { takeChannel } from '../data/team.ts';
import { chatState } from '../state/index.ts';
import { useText } from '../texts.ts';
import { closeDialog } from './dialog-store.ts';
import { useOpenChannel } from './use-open-channel.ts';

interface NewChannel {
  readonly displayName: string;
  readonly purpose: string;
  readonly type: 'O' | 'P';
}

async function createChannel({ displayName, purpose, type }: NewChannel) {
  const channel = await api.channels.create({
    team_id: chatState().team?.id ?? '',
    name: addressOf(displayName),
    display_name: displayName,
    purpose,
    type,
  });
  return takeChannel(channel.id);
}

/** A new channel, open to the team or for those who are added. */
export function CreateChannel() {
  const text = useText();
  const { open } = useOpenChannel();
  const [displayName, setDisplayName] = useState('');
  const [purpose, setPurpose] = useState('');
  const [type, setType] = useState<'O' | 'P'>('O');
  const creating = useMutation({
    mutationFn: createChannel,
    onSuccess: (channel) => {
      closeDialog();
      open(channel);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    creating.mutate({ displayName: displayName.trim(), purpose: purpose.trim(), type });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <div role="alert">{creating.isError ? <Banner tone="bad">{errorText(creating.error)}</Banner> : null}</div>
        <TextInput
          label={text('channel.name')}
          data-autofocus
          required
          withAsterisk={false}
          maxLength={64}
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <Radio.Group label={text('channel.who')} value={type} onChange={(value) => setType(value === 'P' ? 'P' : 'O')}>
          <Stack gap="xs" mt="xs">
            <Radio value="O" label={text('channel.public')} />
            <Radio value="P" label={text('channel.private')} />
          </Stack>
        </Radio.Group>
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
          <Button type="submit" loading={creating.isPending}>
            {text('channel.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
