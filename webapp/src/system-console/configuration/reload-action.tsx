import { Button } from '@mantine/core';
import { RefreshCw } from 'lucide-react';
import type { ReloadResponse } from '../../../../contract/index.ts';
import { errorText } from '../../client/index.ts';
import { Banner } from '../../ui/index.ts';
import { useReload } from '../data/use-reload.ts';
import { ConsoleLink } from '../frame/console-link.tsx';
import { useText } from '../texts.ts';
import classes from './reload-action.module.css';

/** The reload button and what came of it. It asks nothing first: a reload touches no pool and can be reverted. */
export function ReloadAction() {
  const text = useText();
  const reload = useReload();
  return (
    <div className={classes.action}>
      <Button
        leftSection={<RefreshCw size={16} aria-hidden="true" />}
        loading={reload.isPending}
        onClick={() => reload.mutate()}
      >
        {text('configuration.reload')}
      </Button>
      <div role="status" aria-label={text('configuration.reload.result')} className={classes.result}>
        {reload.data ? <Reloaded answer={reload.data} /> : null}
      </div>
      {reload.error ? (
        <div role="alert" className={classes.result}>
          <Banner tone="bad">{failureText(errorText(reload.error), text)}</Banner>
        </div>
      ) : null}
    </div>
  );
}

/** The server's refusal says it already; a failure on the way to it does not. */
function failureText(reason: string, text: ReturnType<typeof useText>): string {
  const said = text('configuration.reload.failed', { reason: '' }).trim();
  return reason.startsWith(said) ? reason : text('configuration.reload.failed', { reason });
}

function Reloaded({ answer }: { answer: ReloadResponse }) {
  const text = useText();
  const { recycle_needed: recycleNeeded, warnings } = answer;
  return (
    <>
      <Banner
        tone="good"
        actions={recycleNeeded ? <ConsoleLink to="database">{text('configuration.to_database')}</ConsoleLink> : null}
      >
        {answer.text}
      </Banner>
      {warnings.length > 0 ? (
        <ul aria-label={text('configuration.warnings')} className={classes.warnings}>
          {warnings.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code>: {message}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
