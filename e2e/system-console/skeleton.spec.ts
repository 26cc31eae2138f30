import { ADMIN, type Community, createCommunity } from '../support/community.ts';
import { expect, test } from '../support/fixtures.ts';
import { useHoldfast } from '../support/holdfast.ts';
import { ConsoleFrame } from '../support/pages/console-frame.ts';
import { DatabasePage } from '../support/pages/database-page.ts';

// Objective: the pages have the parts, the names and the order that people and programs rely on.
// Actions: an admin opens each page of a healthy server.
// Checks: the tree of roles and names; the page scrolls within its frame; what can be done with a row is in sight on a small laptop.
const holdfast = useHoldfast({ replicas: 1 });
let community: Community;

test.beforeAll(async () => {
  community = await createCommunity(holdfast());
  await community.admin.send('/config/reload');
});

test('what the pages consist of', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url, ADMIN);
  const frame = new ConsoleFrame(page);
  await page.goto('/admin_console');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await expect(frame.navigation).toMatchAriaSnapshot(`
    - navigation "System Console":
      - list:
        - listitem:
          - link "Overview"
        - listitem:
          - link "Configuration"
        - listitem:
          - link "Database"
        - listitem:
          - link "Server Logs"
  `);
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading "Overview" [level=1]
      - text: Normal
      - region "Database topology":
        - heading "Database topology" [level=2]
        - group "Database topology":
          - button /127\\.0\\.0\\.1:\\d+\\/holdfast, master, Online/
          - button /127\\.0\\.0\\.1:\\d+\\/holdfast, replica, Online/
      - region "Latest events":
        - heading "Latest events" [level=2]
        - link "All events"
  `);
  await frame.goTo('Configuration');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading "Configuration" [level=1]
      - button "Reload Configuration from Disk"
      - list "Configuration layers":
        - listitem:
          - strong: On disk
        - listitem:
          - text: in use
          - strong: Running
        - listitem:
          - text: in use
          - strong: Live pools
      - region "Changes on disk"
      - region "Configuration file"
      - region "Set by the environment"
      - region "Configuration history":
        - heading "Configuration history" [level=2]
        - group "Configuration history":
          - table "Configuration history"
  `);
  await frame.goTo('Database');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading "Database" [level=1]
      - text: Normal
      - button "Test Connections"
      - button "Recycle Database Connections"
      - list "Configuration layers"
      - tablist "Database views":
        - tab "Connections" [selected]
        - tab "History"
        - tab "Events"
        - tab "Settings"
      - tabpanel "Connections":
        - region "Database connections":
          - heading "Database connections" [level=2]
          - group "Database connections":
            - table "Database connections":
              - rowgroup:
                - row:
                  - columnheader "Name"
                  - columnheader "Role"
                  - columnheader "Health"
                  - columnheader "In use / idle / max"
                  - columnheader "Waiting"
                  - columnheader "Queries/s"
                  - columnheader "p95"
                  - columnheader "Errors/min"
                  - columnheader "Lag"
                  - columnheader "Version"
                  - columnheader "Checked"
                  - columnheader "Actions"
              - rowgroup:
                - row /Master Online Accepts writes\\./
                - row /Replica Online Serves reads\\./
  `);
});

test('on a small laptop nothing is out of reach', async ({ openVisitor }) => {
  const page = await openVisitor(holdfast().url, ADMIN, { viewport: { width: 1280, height: 720 } });
  const frame = new ConsoleFrame(page);
  for (const name of ['Overview', 'Configuration', 'Database'] as const) {
    await frame.goTo(name);
    await frame.expectOwnScroll();
  }
  const database = new DatabasePage(page);
  for (const node of holdfast().cluster.nodes) {
    await expect(database.actionsFor(`:${node.port}`)).toBeInViewport({ ratio: 1 });
  }
  await database.showDetails(`:${holdfast().cluster.node('pg-b').port}`);
  await expect(database.details).toContainText('Role that the database reports');
  await expect(database.details).toContainText('Serves reads.');
});
