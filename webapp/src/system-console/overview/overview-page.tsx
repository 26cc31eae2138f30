import { useState } from 'react';
import type { DatabaseStatus } from '../../../../contract/index.ts';
import { useConfigStatus, useDatabaseStatus } from '../data/queries.ts';
import { useRates } from '../data/use-rates.ts';
import { ModeBadge } from '../frame/mode-badge.tsx';
import { PageHeader } from '../frame/page-header.tsx';
import { QueryContent } from '../panel/panel.tsx';
import { SourceDialog } from '../database/source-dialog.tsx';
import { useText } from '../texts.ts';
import { Figures } from './figures.tsx';
import { LatestEvents } from './latest-events.tsx';
import classes from './overview.module.css';
import { StateStrip } from './state-strip.tsx';
import { TopologyPanel } from './topology-panel.tsx';
import { warningsOf } from './warnings.ts';
import { WarningsList } from './warnings-list.tsx';

/** Which server is the master, can people write, is anything wrong: answered without scrolling. */
export function OverviewPage() {
  const text = useText();
  const status = useDatabaseStatus();
  const title = text('console.page.overview');
  return (
    <>
      <PageHeader title={title} badge={status.data && !status.error ? <ModeBadge mode={status.data.mode} /> : null} />
      <QueryContent title={title} query={status}>
        {(data) => <OverviewContent status={data} at={status.dataUpdatedAt} />}
      </QueryContent>
    </>
  );
}

function OverviewContent({ status, at }: { status: DatabaseStatus; at: number }) {
  const config = useConfigStatus();
  const rates = useRates(status, at);
  const [shown, show] = useState<string>();
  return (
    <>
      <StateStrip status={status} />
      <WarningsList warnings={warningsOf(status, config.data)} />
      <div className={classes.columns}>
        <TopologyPanel status={status} rates={rates} onShow={show} />
        <LatestEvents />
      </div>
      <Figures status={status} rates={rates} />
      <SourceDialog source={status.sources.find((source) => source.name === shown)} onClose={() => show(undefined)} />
    </>
  );
}
