import type { DataSourceStatus } from '../../../../contract/index.ts';
import { Dialog, formatDuration, useClock } from '../../ui/index.ts';
import { diskFacts } from '../disk/disk-facts.tsx';
import { Facts } from '../panel/facts.tsx';
import { useText } from '../texts.ts';
import { lagText } from './connections-table.tsx';
import { SourceBadge, SourceCause } from './source-health.tsx';

/** Everything that is known about one data source, live while it is open. */
export function SourceDialog({ source, onClose }: { source: DataSourceStatus | undefined; onClose: () => void }) {
  return (
    <Dialog opened={source !== undefined} onClose={onClose} title={source?.name} size="lg">
      {source ? <SourceFacts source={source} /> : null}
    </Dialog>
  );
}

function SourceFacts({ source }: { source: DataSourceStatus }) {
  const text = useText();
  const now = useClock(1_000);
  const none = text('console.none');
  return (
    <Facts
      facts={[
        [text('database.source.address'), `${source.host}:${source.port}`],
        [text('database.source.database'), source.database],
        [text('database.source.user'), source.user],
        [text('database.source.driver'), source.driver],
        [text('database.source.role'), text(`console.role.${source.assigned_role}`)],
        [text('database.source.observed'), text(`database.observed.${source.observed_role}`)],
        [
          text('database.source.health'),
          <span key="health">
            <SourceBadge source={source} /> <SourceCause source={source} />
          </span>,
        ],
        [text('database.source.since'), formatDuration(now - source.health_since)],
        [text('database.source.generation'), source.generation],
        [text('database.source.pool'), `${source.in_use} / ${source.idle} / ${source.max}`],
        [text('database.source.waiting'), source.waiting],
        [text('database.source.in_flight'), source.in_flight],
        [
          text('database.source.queries'),
          text('database.source.queries.value', {
            reads: source.reads_total,
            writes: source.writes_total,
            errors: source.errors_total,
          }),
        ],
        [text('database.source.lag'), lagText(source, text)],
        [text('database.source.position'), source.position ?? none],
        [text('database.source.version'), source.server_version ?? none],
        [text('database.source.last_error'), source.last_error ?? none],
        ...diskFacts(source.disk, text),
      ]}
    />
  );
}
