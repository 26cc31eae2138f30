import { Button } from '@mantine/core';
import { PlugZap } from 'lucide-react';
import { useEffect, useRef } from 'react';
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
      onClick={() => test.start()}
    >
      {text('database.test')}
    </Button>
  );
}

/** What the test found on each data source; nothing before the first test. */
export function TestResult({ test }: { test: ConnectionTest }) {
  const { reports, error, running } = test;
  const shown = running || reports !== undefined || error !== null;
  const place = useRef<HTMLDivElement>(null);
  // It may have been asked for from a row far below.
  useEffect(() => {
    if (shown) place.current?.scrollIntoView({ block: 'nearest' });
  }, [shown, running]);
  if (!shown) return null;
  return (
    <div ref={place}>
      <ResultPanel test={test} />
    </div>
  );
}

function ResultPanel({ test: { reports, error, running, dismiss } }: { test: ConnectionTest }) {
  const text = useText();
  return (
    <Panel
      title={text('database.test.result')}
      actions={
        running ? null : (
          <Button size="compact-sm" variant="default" onClick={dismiss}>
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
