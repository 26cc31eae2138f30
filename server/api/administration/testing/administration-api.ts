import { type OpenTestDatabase, openTestDatabase } from '../../../database/testing/index.ts';
import { migrations } from '../../../migrations/index.ts';
import { createLogger } from '../../../observability/index.ts';
import { createTestFiles } from '../../../services/files/testing/test-files.ts';
import { type Administration, createAdministration, type SessionService } from '../../../services/index.ts';
import { createStores } from '../../../stores/index.ts';
import { startTestApi, type TestApi } from '../../testing/index.ts';
import { createAdministrationRoutes } from '../index.ts';

/** The API of administrators over a real database, with audits and the high-load mode wired as in production. */
export interface AdministrationApi {
  readonly api: TestApi;
  readonly opened: OpenTestDatabase;
  readonly administration: Administration;
  /** What was forgotten by purging the caches. */
  readonly forgotten: string[];
  readonly restricted: { now: boolean };
  /** Goes on by itself with each look at it. */
  readonly clock: { now: number };
  stop(): Promise<void>;
}

export async function openAdministrationApi(): Promise<AdministrationApi> {
  const opened = await openTestDatabase();
  const files = createTestFiles();
  const forgotten: string[] = [];
  const restricted = { now: false };
  const clock = { now: Date.now() };
  let sessions: SessionService | undefined;
  const administration = createAdministration({
    ...createStores(opened.database),
    storage: files.storage,
    detached: () => opened.causalities.detached(),
    log: createLogger({ level: 'info', format: 'json' }, () => {}),
    config: { masked: () => ({ TeamSettings: { SiteName: 'Us' } }) },
    control: { status: () => ({ sources: [] }) as never },
    hub: { stats: () => ({ sockets: { memory: 3 } }), refreshMemberships: () => void forgotten.push('memberships') },
    sessions: {
      doubtAll() {
        forgotten.push('sessions');
        sessions?.doubtAll();
      },
      tidy: async () => sessions?.tidy(),
    },
    roles: { refresh: async () => void forgotten.push('roles') },
    chat: { forget: () => void forgotten.push('chat'), attachments: { tidy: async () => {} } },
    schema: migrations,
    isRestricted: () => restricted.now,
    // No two things happen at the same time: their order is then known.
    now: () => clock.now++,
  });
  const api = await startTestApi({
    layer: opened,
    fileGround: files,
    routes: () => createAdministrationRoutes(administration),
    audit: (entry) => administration.audits.record(entry),
    busySeconds: () => administration.load.secondsLeft(),
    onSessions: (made) => {
      sessions = made;
    },
  });
  const stop = async (): Promise<void> => {
    await api.stop();
    await administration.stop();
    await opened.stop();
    await files.remove();
  };
  return { api, opened, administration, forgotten, restricted, clock, stop };
}
