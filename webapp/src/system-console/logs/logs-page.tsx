import { Button, Text, TextInput } from '@mantine/core';
import { Download, Pause, Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { LogLevel } from '../../../../contract/index.ts';
import { EmptyState } from '../../ui/index.ts';
import { downloadText } from '../panel/download.ts';
import { PageHeader } from '../frame/page-header.tsx';
import { Panel, QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import { countLevels, filterLines, type LogFilter, logLevels } from './log-filter.ts';
import { LogList } from './log-list.tsx';
import classes from './logs.module.css';
import { type Logs, useLogs } from './use-logs.ts';

/** System Console > Server Logs: the end of the log, live. */
export function LogsPage() {
  const text = useText();
  const logs = useLogs();
  const title = text('console.page.server_logs');
  return (
    <>
      <PageHeader title={title}>
        <Text size="sm" c="dimmed">
          {text('logs.intro')}
        </Text>
      </PageHeader>
      <Panel title={text('logs.list')}>
        <QueryContent title={title} query={logs.query}>
          {() => <LogView logs={logs} />}
        </QueryContent>
      </Panel>
    </>
  );
}

function LogView({ logs }: { logs: Logs }) {
  const text = useText();
  const { lines } = logs;
  const [filter, setFilter] = useState<LogFilter>({ words: '', hidden: new Set() });
  const shown = useMemo(() => filterLines(lines, filter), [lines, filter]);
  const download = (): void =>
    downloadText('holdfast-log.jsonl', shown.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return (
    <>
      <div className={classes.bar}>
        <TextInput
          label={text('logs.filter.text')}
          value={filter.words}
          onChange={({ currentTarget: { value } }) => setFilter((before) => ({ ...before, words: value }))}
        />
        <PauseButton logs={logs} />
        <Button variant="default" leftSection={<Download size={16} aria-hidden="true" />} onClick={download}>
          {text('logs.download')}
        </Button>
      </div>
      <LevelButtons counts={countLevels(lines)} filter={filter} onChange={setFilter} />
      <Text size="sm" c="dimmed" mb="xs">
        {text('logs.count', { shown: shown.length, all: lines.length })}
      </Text>
      {shown.length === 0 ? (
        <EmptyState title={text(lines.length === 0 ? 'logs.none' : 'logs.no_match')} />
      ) : (
        <LogList lines={shown} />
      )}
    </>
  );
}

function PauseButton({ logs: { paused, newLines, pause, resume } }: { logs: Logs }) {
  const text = useText();
  const Icon = paused ? Play : Pause;
  const resumeWords = newLines > 0 ? text('logs.resume.new', { count: newLines }) : text('logs.resume');
  return (
    <Button variant="default" leftSection={<Icon size={16} aria-hidden="true" />} onClick={paused ? resume : pause}>
      {paused ? resumeWords : text('logs.pause')}
    </Button>
  );
}

interface LevelButtonsProps {
  readonly counts: Readonly<Record<LogLevel, number>>;
  readonly filter: LogFilter;
  readonly onChange: (filter: LogFilter) => void;
}

/** One switch per level with how many lines it has. */
function LevelButtons({ counts, filter, onChange }: LevelButtonsProps) {
  const text = useText();
  const toggle = (level: LogLevel): void => {
    const hidden = new Set(filter.hidden);
    if (!hidden.delete(level)) hidden.add(level);
    onChange({ ...filter, hidden });
  };
  return (
    <div className={classes.levels} role="group" aria-label={text('logs.levels')}>
      {logLevels.map((level) => (
        <Button
          key={level}
          size="compact-sm"
          variant={filter.hidden.has(level) ? 'default' : 'light'}
          aria-pressed={!filter.hidden.has(level)}
          onClick={() => toggle(level)}
        >
          {text('logs.level', { level: text(`logs.level.${level}`), count: counts[level] })}
        </Button>
      ))}
    </div>
  );
}
