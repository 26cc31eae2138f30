import { useNavigate } from '@tanstack/react-router';
import { CardPage } from '../session/card-page.tsx';
import { useText } from '../texts.ts';
import { TeamForm } from './team-form.tsx';

export function CreateTeamPage() {
  const text = useText();
  const navigate = useNavigate();
  return (
    <CardPage title={text('team.create.title')}>
      <TeamForm
        submitLabel={text('team.create.submit')}
        onDone={(team) => void navigate({ to: '/$team', params: { team: team.name } })}
      />
    </CardPage>
  );
}
