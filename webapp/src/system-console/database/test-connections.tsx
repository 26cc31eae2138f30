import { Button } from '@mantine/core';
import { PlugZap } from 'lucide-react';
import { errorText } from '../../client/index.ts';
import { Banner, LoadingLines } from '../../ui/index.ts';
import { Panel } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import { SourceReports } from './source-reports.tsx';
import type { ConnectionTest } from './use-test-connections.ts';

export function TestAction({ test }: { test: ConnectionTest }) {
  const text = useText();
  return (
    <Button
      variant="default"
      leftSection={<PlugZap size={16} aria-hidden="true" />}
      loading={test.running}
      onClick={test.start}
    >
      {text('database.test')}
    </Button>
  );
}

/** What the test found on each data source; nothing before the first test. */
export function TestResult({ test }: { test: ConnectionTest }) {
  const text = useText();
  const { reports, error, running } = test;
  if (!running && reports === undefined && error === null) return null;
  return (
    <Panel
      title={text('database.test.result')}
      actions={
        running ? null : (
          <Button size="compact-sm" variant="default" onClick={test.dismiss}>
            {text('database.test.close')}
          </Button>
        )
      }
    >
      {running ? <LoadingLines label={text('database.test.running')} /> : null}
      {error ? (
        <div role="alert">
          <Banner tone="bad">{text('database.test.failed', { reason: errorText(error) })}</Banner>
        </div>
      ) : null}
      {reports ? <SourceReports reports={reports} /> : null}
    </Panel>
  );
}
