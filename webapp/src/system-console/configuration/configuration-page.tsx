import { Text } from '@mantine/core';
import { useConfigStatus } from '../data/queries.ts';
import { PageHeader } from '../frame/page-header.tsx';
import { Panel, QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import { ChangesTable } from './changes-table.tsx';
import { ConfigurationHistory } from './configuration-history.tsx';
import { EnvironmentTable } from './environment-table.tsx';
import { FileCard } from './file-card.tsx';
import { FollowedMaster } from './followed-master.tsx';
import { LayerStrip } from './layer-strip.tsx';
import { ReloadAction } from './reload-action.tsx';

/** What is on disk, what is running, what would change, and the button that makes it so. */
export function ConfigurationPage() {
  const text = useText();
  const config = useConfigStatus();
  const title = text('console.page.configuration');
  return (
    <>
      <PageHeader title={title}>
        <Text c="dimmed" size="sm" mt={4}>
          {text('configuration.intro')}
        </Text>
      </PageHeader>
      <ReloadAction />
      <QueryContent title={title} query={config}>
        {(data) => (
          <>
            <LayerStrip config={data} />
            <FollowedMaster config={data} />
            <Panel title={text('configuration.changes')}>
              <ChangesTable config={data} />
            </Panel>
            <FileCard config={data} />
            <Panel title={text('configuration.environment')}>
              <EnvironmentTable environment={data.environment} />
            </Panel>
            <Panel title={text('configuration.history')}>
              <ConfigurationHistory config={data} />
            </Panel>
          </>
        )}
      </QueryContent>
    </>
  );
}
