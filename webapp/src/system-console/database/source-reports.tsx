import type { CheckResult, SourceReport } from '../../../../contract/index.ts';
import { formatDuration, StatusBadge, type Tone } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './source-reports.module.css';

/** How a check came out, as a colour. */
export const checkTones: Record<CheckResult['outcome'], Tone> = {
  passed: 'good',
  warning: 'warning',
  failed: 'bad',
  skipped: 'neutral',
};

interface SourceReportsProps {
  readonly reports: readonly SourceReport[];
  /** Of what passed only the number. */
  readonly brief?: boolean;
}

/** What was looked at on each data source and how it came out. */
export function SourceReports({ reports, brief = false }: SourceReportsProps) {
  return (
    <ul className={classes.reports}>
      {reports.map((report) => (
        <Report key={`${report.index} ${report.name}`} report={report} brief={brief} />
      ))}
    </ul>
  );
}

function Report({ report, brief }: { report: SourceReport; brief: boolean }) {
  const text = useText();
  const passed = report.checks.filter((check) => check.outcome === 'passed');
  const shown = brief ? report.checks.filter((check) => check.outcome !== 'passed') : report.checks;
  return (
    <li>
      <div className={classes.head}>
        <StatusBadge tone={checkTones[report.outcome]}>{text(`recycle.check.${report.outcome}`)}</StatusBadge>
        <strong>{report.name}</strong>
        <span className={classes.aside}>{text(`console.role.${report.assigned_role}`)}</span>
        {brief && passed.length > 0 ? (
          <span className={classes.aside}>{text('recycle.check.all_passed', { count: passed.length })}</span>
        ) : null}
      </div>
      <ul className={classes.checks}>
        {shown.map((check) => (
          <li key={check.name}>
            <StatusBadge tone={checkTones[check.outcome]}>{check.name}</StatusBadge>
            <span>
              {check.text}
              {check.took_ms === null ? null : <span className={classes.aside}> {formatDuration(check.took_ms)}</span>}
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}
