import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { DatabaseStatus } from '../../../../contract/index.ts';
import { api, errorText, isSystemAdmin, useSession } from '../../client/index.ts';
import { Banner, HealthBadge, LoadingLines } from '../../ui/index.ts';
import { TeamForm } from '../teams/team-form.tsx';
import { useText } from '../texts.ts';
import { AccountForm } from './account-form.tsx';
import { CardPage } from './card-page.tsx';
import classes from './setup-page.module.css';

function Sources({ status }: { status: DatabaseStatus }) {
  const text = useText();
  const replicas = status.sources.filter((source) => source.assigned_role !== 'master').length;
  return (
    <>
      <Text size="sm">{text('setup.check.sources', { count: status.sources.length, replicas })}</Text>
      <List listStyleType="none" spacing="xs">
        {status.sources.map((source) => (
          <List.Item key={source.name}>
            <Group gap="xs">
              <HealthBadge health={source.health} />
              <Text size="sm">
                {source.name} ({source.assigned_role})
              </Text>
            </Group>
          </List.Item>
        ))}
      </List>
    </>
  );
}

function CheckStep({ team }: { team: string }) {
  const text = useText();
  const navigate = useNavigate();
  const status = useQuery({ queryKey: ['database-status'], queryFn: api.operations.databaseStatus });
  return (
    <Stack>
      {status.isPending ? <LoadingLines label={text('setup.check.waiting')} /> : null}
      {status.isError ? (
        <Banner tone="warning">{text('setup.check.failed', { reason: errorText(status.error) })}</Banner>
      ) : null}
      {status.data ? <Sources status={status.data} /> : null}
      <Button size="md" onClick={() => void navigate({ to: '/$team', params: { team } })}>
        {text('setup.check.chat')}
      </Button>
      <Button
        variant="default"
        onClick={() => void navigate({ to: '/admin_console/$', params: { _splat: 'overview' } })}
      >
        {text('setup.check.console')}
      </Button>
    </Stack>
  );
}

const stepNames = ['setup.step.account', 'setup.step.team', 'setup.step.check'] as const;

function Steps({ current }: { current: number }) {
  const text = useText();
  return (
    <ol className={classes.steps} aria-label={text('setup.steps')}>
      {stepNames.map((name, place) => (
        <li key={name} aria-current={place === current ? 'step' : undefined} data-done={place < current || undefined}>
          {text(name)}
        </li>
      ))}
    </ol>
  );
}

/** The first visit to a new server: an admin, a team, and a look at the databases. */
export function SetupPage() {
  const text = useText();
  const navigate = useNavigate();
  const user = useSession((session) => session.user);
  const [team, setTeam] = useState<string>();
  const step = user === undefined ? 0 : team === undefined ? 1 : 2;
  const afterTeam = (name: string) => {
    if (user && isSystemAdmin(user)) setTeam(name);
    else void navigate({ to: '/$team', params: { team: name } });
  };
  return (
    <CardPage title={text('setup.title')} intro={text('setup.intro')}>
      <Steps current={step} />
      {step === 0 ? <AccountForm submitLabel={text('setup.account.submit')} onDone={() => undefined} /> : null}
      {step === 1 ? (
        <TeamForm submitLabel={text('setup.team.submit')} onDone={(created) => afterTeam(created.name)} />
      ) : null}
      {step === 2 && team !== undefined ? <CheckStep team={team} /> : null}
    </CardPage>
  );
}
