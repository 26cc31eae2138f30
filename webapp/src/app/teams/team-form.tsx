import { Button, Stack, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import type { Team } from '../../../../contract/index.ts';
import { api, errorText } from '../../client/index.ts';
import { addressOf, Banner, slugOf } from '../../ui/index.ts';
import { useText } from '../texts.ts';

function useCreateTeam(onDone: (team: Team) => void) {
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const create = async (displayName: string, name: string) => {
    setBusy(true);
    try {
      const team = { display_name: displayName, name: name === '' ? addressOf(displayName) : name };
      onDone(await api.teams.create({ ...team, type: 'O', allow_open_invite: true }));
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };
  return { create, failure, busy };
}

/** Creates a team that anybody on this server may join. The address follows the name until it is edited. */
export function TeamForm({ submitLabel, onDone }: { submitLabel: string; onDone: (team: Team) => void }) {
  const text = useText();
  const { create, failure, busy } = useCreateTeam(onDone);
  const [displayName, setDisplayName] = useState('');
  const [name, setName] = useState<string>();
  const address = name ?? slugOf(displayName);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void create(displayName.trim(), address);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <div role="alert">{failure === '' ? null : <Banner tone="bad">{failure}</Banner>}</div>
        <TextInput
          label={text('team.display_name')}
          required
          withAsterisk={false}
          maxLength={64}
          autoFocus
          value={displayName}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <TextInput
          label={text('team.name')}
          description={text('team.name.hint', { address: `${location.host}/${address || '…'}` })}
          maxLength={64}
          value={address}
          onChange={(event) => setName(event.currentTarget.value.toLowerCase())}
        />
        <Button type="submit" size="md" loading={busy}>
          {submitLabel}
        </Button>
      </Stack>
    </form>
  );
}
