import type { DataSourceStatus } from '../../../../contract/index.ts';
import { healthWord } from '../../ui/index.ts';
import { SourceBadge } from '../database/source-health.tsx';
import { SourceName } from '../database/source-name.tsx';
import { formatNumber, formatSeconds, formatShare } from '../format/numbers.ts';
import { useText } from '../texts.ts';
import classes from './topology.module.css';
import type { TopologyProps } from './topology-props.ts';

/** This server on the left, the data sources on the right; a line's width is its share of the reads. */
export function TopologyDiagram({ status, rates, onShow }: TopologyProps) {
  const text = useText();
  const { sources } = status;
  return (
    <div className={classes.diagram} role="group" aria-label={text('overview.topology')}>
      <div className={classes.server}>
        <strong>{text('overview.server')}</strong>
        <span>{text('overview.server.writes', { rate: formatNumber(rates.writesPerSecond) })}</span>
        <span>{text('overview.server.reads', { rate: formatNumber(rates.readsPerSecond) })}</span>
      </div>
      <svg className={classes.lines} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {sources.map((source, index) => (
          <Line
            key={source.name}
            source={source}
            end={((index + 0.5) / sources.length) * 100}
            share={rates.readShares.get(source.name) ?? 0}
          />
        ))}
      </svg>
      <div className={classes.cards}>
        {sources.map((source) => (
          <Card key={source.name} source={source} share={rates.readShares.get(source.name)} onShow={onShow} />
        ))}
      </div>
    </div>
  );
}

function Line({ source, end, share }: { source: DataSourceStatus; end: number; share: number }) {
  return (
    <path
      d={`M 0 50 C 50 50, 50 ${end}, 100 ${end}`}
      data-role={source.assigned_role}
      data-health={source.taken_out === null ? source.health : 'offline'}
      strokeWidth={1.5 + share * 5}
      vectorEffect="non-scaling-stroke"
    />
  );
}

interface CardProps {
  readonly source: DataSourceStatus;
  readonly share: number | undefined;
  readonly onShow: (name: string) => void;
}

function Card({ source, share, onShow }: CardProps) {
  const text = useText();
  const { name, assigned_role: role, health, lag_seconds: lag } = source;
  return (
    <button
      type="button"
      className={classes.card}
      data-role={role}
      aria-label={`${name}, ${role}, ${source.taken_out === null ? healthWord(health) : text('database.out')}`}
      title={source.cause}
      onClick={() => onShow(name)}
    >
      <span className={classes.cardHead}>
        <strong>{text(`console.role.${role}`)}</strong>
        <SourceBadge source={source} />
      </span>
      <span className={classes.name}>
        <SourceName name={name} />
      </span>
      <span className={classes.load}>
        {role === 'master' ? `${text('overview.card.writes')} · ` : ''}
        {share === undefined
          ? text('overview.card.no_reads')
          : text('overview.card.reads', { share: formatShare(share) })}
        {role !== 'master' && lag !== null ? ` · ${text('overview.card.lag', { lag: formatSeconds(lag) })}` : ''}
      </span>
    </button>
  );
}
