import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Team } from '../../../../contract/index.ts';
import { api, errorText, useCurrentUser } from '../../client/index.ts';
import { AnchorLink, Banner, ErrorState, LoadingLines } from '../../ui/index.ts';
import { CardPage } from '../session/card-page.tsx';
import { useText } from '../texts.ts';

function TeamRow({ team, joined }: { team: Team; joined: boolean }) {
  const text = useText();
  const user = useCurrentUser();
  const navigate = useNavigate();
  const open = () => navigate({ to: '/$team', params: { team: team.name } });
  const join = useMutation({ mutationFn: () => api.teams.join(team.id, user.id), onSuccess: open });
  return (
    <li>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} truncate>
          {team.display_name}
        </Text>
        <Button
          variant={joined ? 'default' : 'filled'}
          loading={join.isPending}
          aria-label={text(joined ? 'team.select.open_named' : 'team.select.join_named', { team: team.display_name })}
          onClick={() => (joined ? void open() : join.mutate())}
        >
          {text(joined ? 'team.select.open' : 'team.select.join')}
        </Button>
      </Group>
      {join.isError ? <Banner tone="bad">{errorText(join.error)}</Banner> : null}
    </li>
  );
}

async function loadTeams() {
  const [mine, open] = await Promise.all([api.teams.mine(), api.teams.open()]);
  const joined = new Set(mine.map((team) => team.id));
  const teams = [...mine, ...open.filter((team) => !joined.has(team.id))];
  return { teams: teams.filter((team) => team.delete_at === 0), joined };
}

export function SelectTeamPage() {
  const text = useText();
  const query = useQuery({ queryKey: ['teams-to-select'], queryFn: loadTeams });
  return (
    <CardPage title={text('team.select.title')}>
      {query.isPending ? <LoadingLines /> : null}
      {query.isError ? (
        <ErrorState title={text('team.select.failed')} onRetry={() => void query.refetch()}>
          {errorText(query.error)}
        </ErrorState>
      ) : null}
      {query.data?.teams.length === 0 ? <Text>{text('team.select.none')}</Text> : null}
      <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
        {query.data?.teams.map((team) => (
          <TeamRow key={team.id} team={team} joined={query.data.joined.has(team.id)} />
        ))}
      </Stack>
      <Text size="sm" ta="center" mt="lg">
        <AnchorLink to="/create_team" underline="always">
          {text('team.select.create')}
        </AnchorLink>
      </Text>
    </CardPage>
  );
}
