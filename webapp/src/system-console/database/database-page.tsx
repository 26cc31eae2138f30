import { Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useConfigStatus, useDatabaseStatus } from '../data/queries.ts';
import { FollowedMaster } from '../configuration/followed-master.tsx';
import { LayerStrip } from '../configuration/layer-strip.tsx';
import type { ConsolePageProps } from '../frame/console-page-props.ts';
import { ModeBadge } from '../frame/mode-badge.tsx';
import { PageHeader } from '../frame/page-header.tsx';
import { useText } from '../texts.ts';
import { HistoryTab } from '../history/history-tab.tsx';
import { ConnectionsTab } from './connections-tab.tsx';
import { EventsTab } from './events-tab.tsx';
import { ModeReason } from './mode-reason.tsx';
import { OperationPage } from './operation-page.tsx';
import { RecycleAction } from './recycle-action.tsx';
import { RecyclePanel } from './recycle-panel.tsx';
import { SettingsTab } from './settings-tab.tsx';
import { SwitchAction, SwitchBanner, SwitchPage } from './switch/index.ts';
import { TestAction, TestResult } from './test-connections.tsx';
import { useRecycle } from './use-recycle.ts';
import { type ConnectionTest, useTestConnections } from './use-test-connections.ts';

const tabs = { connections: ConnectionsTab, history: HistoryTab, events: EventsTab, settings: SettingsTab } as const;
type TabName = keyof typeof tabs;

/** The live connections; below it the page of one operation, and the wizard of the master switch. */
export function DatabasePage({ rest }: ConsolePageProps) {
  const [first, operationId] = rest;
  if (first === 'operations' && operationId !== undefined) return <OperationPage id={operationId} />;
  if (first === 'switch') return <SwitchPage operationId={operationId} />;
  return <DatabaseMain tab={first !== undefined && first in tabs ? (first as TabName) : 'connections'} />;
}

function DatabaseMain({ tab }: { tab: TabName }) {
  const text = useText();
  const status = useDatabaseStatus();
  const config = useConfigStatus();
  const recycle = useRecycle();
  const test = useTestConnections();
  return (
    <>
      <PageHeader
        title={text('console.page.database')}
        badge={status.data && !status.error ? <ModeBadge mode={status.data.mode} /> : null}
        actions={
          <>
            <TestAction test={test} />
            <RecycleAction recycle={recycle} />
            <SwitchAction />
          </>
        }
      >
        {status.data ? <ModeReason mode={status.data.mode} /> : null}
      </PageHeader>
      {config.data ? <LayerStrip config={config.data} /> : null}
      {config.data ? <FollowedMaster config={config.data} /> : null}
      <SwitchBanner />
      <RecyclePanel recycle={recycle} />
      <TestResult test={test} />
      <DatabaseTabs tab={tab} test={test} />
    </>
  );
}

function DatabaseTabs({ tab, test }: { tab: TabName; test: ConnectionTest }) {
  const text = useText();
  const navigate = useNavigate();
  const open = (name: string | null): void => {
    void navigate({ to: '/admin_console/$', params: { _splat: `database/${name ?? 'connections'}` }, replace: true });
  };
  const Content: ComponentType<{ readonly test: ConnectionTest }> = tabs[tab];
  return (
    <Tabs value={tab} onChange={open} keepMounted={false}>
      <Tabs.List mb="md" aria-label={text('database.tabs')}>
        {(Object.keys(tabs) as TabName[]).map((name) => (
          <Tabs.Tab key={name} value={name}>
            {text(`database.tab.${name}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab}>
        <Content test={test} />
      </Tabs.Panel>
    </Tabs>
  );
}
