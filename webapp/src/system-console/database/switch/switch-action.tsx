import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { ArrowLeftRight } from 'lucide-react';
import { Banner } from '../../../ui/index.ts';
import { useOperations } from '../../data/queries.ts';
import { ConsoleLink } from '../../frame/console-link.tsx';
import { useText } from '../../texts.ts';
import { draft, useDraft } from './draft.ts';

/** Leads to the wizard. */
export function SwitchAction() {
  const text = useText();
  const navigate = useNavigate();
  return (
    <Button
      onClick={() => void navigate({ to: '/admin_console/$', params: { _splat: 'database/switch' } })}
      variant="default"
      leftSection={<ArrowLeftRight size={16} aria-hidden="true" />}
    >
      {text('switch.open')}
    </Button>
  );
}

/** Leads back to the switch that runs, or to the one that is planned. */
export function SwitchBanner() {
  const text = useText();
  const running = useOperations().data?.find(({ kind, outcome }) => kind === 'switchover' && outcome === 'running');
  const { name, checked } = useDraft();
  if (running) {
    const link = <ConsoleLink to={`database/switch/${running.id}`}>{text('switch.to_wizard')}</ConsoleLink>;
    return (
      <Banner tone="info" actions={link}>
        {text('switch.running', { actor: running.actor })}
      </Banner>
    );
  }
  if (!checked || name === undefined) return null;
  return (
    <Banner
      tone="info"
      actions={
        <>
          <ConsoleLink to="database/switch">{text('switch.draft.resume')}</ConsoleLink>
          <Button size="compact-sm" variant="default" onClick={draft.discard}>
            {text('switch.draft.discard')}
          </Button>
        </>
      }
    >
      {text('switch.draft', { name })}
    </Banner>
  );
}
