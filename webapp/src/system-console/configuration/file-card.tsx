import type { ConfigProblem, ConfigStatus } from '../../../../contract/index.ts';
import { StatusBadge } from '../../ui/index.ts';
import { formatBytes } from '../format/numbers.ts';
import { Moment } from '../panel/age.tsx';
import { DataTable } from '../panel/data-table.tsx';
import { Facts } from '../panel/facts.tsx';
import { Panel } from '../panel/panel.tsx';
import { type Text, useText } from '../texts.ts';
import { FaultExcerpt } from './fault-excerpt.tsx';

/** The file itself: where it is, whether it can be used, and what is wrong with it. */
export function FileCard({ config }: { config: ConfigStatus }) {
  const text = useText();
  const { file } = config;
  const yesNo = (yes: boolean): string => text(yes ? 'configuration.yes' : 'configuration.no');
  return (
    <Panel title={text('configuration.file')}>
      <Facts
        facts={[
          [text('configuration.file.path'), <code key="path">{file.path}</code>],
          [
            text('configuration.file.size'),
            file.size === null ? text('configuration.file.missing') : formatBytes(file.size),
          ],
          [
            text('configuration.file.modified'),
            file.modified_at === null ? text('console.none') : <Moment key="modified" at={file.modified_at} />,
          ],
          [text('configuration.file.writable'), yesNo(file.writable)],
          [text('configuration.file.valid'), <Validity key="valid" valid={file.valid} />],
          [text('configuration.file.last_reload'), <LastReload key="reload" reload={config.last_reload} />],
        ]}
      />
      {file.problems.length > 0 ? <Problems problems={file.problems} /> : null}
    </Panel>
  );
}

function Validity({ valid }: { valid: boolean }) {
  const text = useText();
  if (valid) return <StatusBadge tone="good">{text('configuration.yes')}</StatusBadge>;
  return (
    <>
      <StatusBadge tone="bad">{text('configuration.no')}</StatusBadge> {text('configuration.file.invalid')}
    </>
  );
}

function LastReload({ reload }: { reload: ConfigStatus['last_reload'] }) {
  const text = useText();
  if (reload === null) return text('configuration.file.last_reload.none');
  const { at, actor, changes } = reload;
  return (
    <>
      <Moment at={at} />{' '}
      {reload.succeeded
        ? text('configuration.file.last_reload.succeeded', { actor, changes })
        : text('configuration.file.last_reload.failed', { actor, text: reload.text })}
    </>
  );
}

function Problems({ problems }: { problems: readonly ConfigProblem[] }) {
  const text = useText();
  return (
    <DataTable
      label={text('configuration.problems')}
      rows={problems}
      rowKey={(problem) => `${problem.path} ${problem.message}`}
      columns={[
        {
          name: text('configuration.problem.place'),
          header: true,
          cell: (problem) => <code>{placeOf(problem, text)}</code>,
        },
        { name: text('configuration.problem.value'), cell: ({ value }) => <code>{value}</code> },
        {
          name: text('configuration.problem.message'),
          cell: ({ message, line, excerpt }) => (
            <>
              {message}
              {excerpt ? <FaultExcerpt excerpt={excerpt} line={line} /> : null}
            </>
          ),
        },
        {
          name: text('configuration.problem.severity'),
          cell: ({ severity }) => (
            <StatusBadge tone={severity === 'error' ? 'bad' : 'warning'}>
              {text(`configuration.problem.${severity}`)}
            </StatusBadge>
          ),
        },
      ]}
    />
  );
}

function placeOf({ path, line, column }: ConfigProblem, text: Text): string {
  return line === null ? path : text('configuration.problem.position', { line, column: column ?? 1 });
}
