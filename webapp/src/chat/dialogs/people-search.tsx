import { ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { User } from '../../../../contract/index.ts';
import { api, errorText } from '../../client/index.ts';
import { ErrorState, LoadingLines } from '../../ui/index.ts';
import { keepUsers } from '../data/users.ts';
import { Avatar } from '../messages/avatar.tsx';
import { chatState } from '../state/index.ts';
import { useText } from '../texts.ts';
import classes from './dialogs.module.css';

interface PeopleSearchProps {
  /** What can be done with one of them. */
  readonly action: (user: User) => ReactNode;
  /** Leaves out who is there already. */
  readonly notInChannelId?: string;
}

async function findPeople(term: string, notInChannelId: string | undefined): Promise<User[]> {
  const teamId = chatState().team?.id ?? '';
  const filter = { team_id: teamId, ...(notInChannelId === undefined ? {} : { not_in_channel_id: notInChannelId }) };
  const users =
    term === '' && notInChannelId === undefined
      ? await api.users.inTeam(teamId)
      : term === ''
        ? []
        : await api.users.search({ term, ...filter });
  keepUsers(users);
  return users.filter((user) => user.delete_at === 0);
}

/** People of the team, by name. */
export function PeopleSearch({ action, notInChannelId }: PeopleSearchProps) {
  const text = useText();
  const [typed, setTyped] = useState('');
  const [term] = useDebouncedValue(typed.trim(), 200);
  const query = useQuery({
    queryKey: ['people', term, notInChannelId],
    queryFn: () => findPeople(term, notInChannelId),
    placeholderData: (before) => before,
  });
  return (
    <Stack>
      <TextInput
        aria-label={text('people.search')}
        placeholder={text('people.search')}
        leftSection={<Search size={16} aria-hidden="true" />}
        data-autofocus
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {query.isPending ? <LoadingLines /> : null}
      {query.isError ? (
        <ErrorState title={text('people.failed')} onRetry={() => void query.refetch()}>
          {errorText(query.error)}
        </ErrorState>
      ) : null}
      {query.data?.length === 0 && term !== '' ? <Text c="dimmed">{text('people.none')}</Text> : null}
      <ScrollArea.Autosize mah="50vh" type="auto">
        <ul className={classes.list}>
          {query.data?.map((user) => (
            <li key={user.id} className={classes.line}>
              <Avatar userId={user.id} size={32} />
              <div className={classes.lineText}>
                <Text fw={600} truncate>
                  {user.username}
                </Text>
                <Text size="sm" c="dimmed" truncate>
                  {`${user.first_name} ${user.last_name}`.trim()}
                </Text>
              </div>
              {action(user)}
            </li>
          ))}
        </ul>
      </ScrollArea.Autosize>
    </Stack>
  );
}
