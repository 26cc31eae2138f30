import { createHash } from 'node:crypto';
import type { ConfigChange } from '../../../contract/index.ts';
import { type ConfigSnapshot, defaultConfig, type MasterMove, type ReloadAttempt } from '../../config/index.ts';
import type { ConsoleDeps } from '../console.ts';

type Config = ConsoleDeps['config'];

/** A configuration store whose file the test "edits" by `edit`; each edit is a new version. */
export interface ScriptedConfig extends Config {
  editFile(changes: ConfigChange[]): void;
  breakFile(reason: string): void;
  /** What `moveMaster` answers, and the names that it was called with. */
  move: MasterMove;
  readonly moves: string[];
}

const unwritten = { written: false, reason: '', setting: '', text: '' } as const;

export function createScriptedConfig(): ScriptedConfig {
  let onDisk = snapshotOf(1);
  let running = onDisk;
  let edits: { version: number; changes: ConfigChange[] }[] = [];
  let broken: string | undefined;
  const changesBetween = (from: ConfigSnapshot, to: ConfigSnapshot): ConfigChange[] =>
    edits.filter(({ version }) => version > from.version && version <= to.version).flatMap(({ changes }) => changes);

  const config: ScriptedConfig = {
    move: { written: true, backup: 'config.json.bak', changes: [] },
    moves: [],
    async moveMaster(name) {
      config.moves.push(name);
      if (config.move.written) onDisk = running = snapshotOf(onDisk.version + 1);
      return config.move;
    },
    writeMaster: async (_, { dryRun }) => ({ ...(dryRun ? unwritten : config.move), changes: [] }),
    editFile(changes) {
      broken = undefined;
      onDisk = snapshotOf(onDisk.version + 1);
      edits = [...edits, { version: onDisk.version, changes }];
    },
    breakFile(reason) {
      broken = reason;
    },
    running: () => running,
    disk: async () => ({
      file: { path: 'config.json', size: 1, modified_at: 1, writable: true, valid: broken === undefined, problems: [] },
      layer: { version: onDisk.version, sha: onDisk.sha, at: onDisk.at },
      changes: changesBetween(running, onDisk),
      master: null,
    }),
    async reload({ dryRun }): Promise<ReloadAttempt> {
      if (broken !== undefined) return { succeeded: false, reason: broken, problems: [] };
      const changes = changesBetween(running, onDisk);
      if (!dryRun) running = onDisk;
      return { succeeded: true, changes, warnings: [] };
    },
    edit: async () => ({ outcome: 'unchanged', changes: [] }),
    poolChanges: (from, to) => changesBetween(from, to).filter((change) => change.takes_effect === 'after-recycle'),
    environment: () => [{ path: 'SqlSettings.DataSource', variable: 'MM_SQLSETTINGS_DATASOURCE' }],
    masked: () => ({ SqlSettings: { DriverName: 'postgres' } }),
    compare: (before, after) => ({
      changes: changesBetween(
        ...([before, after].map((content) => snapshotOf(Number(content.toString()))) as [
          ConfigSnapshot,
          ConfigSnapshot,
        ]),
      ),
    }),
    async replace(content, expected) {
      if (expected !== onDisk.sha) return 'changed';
      onDisk = snapshotOf(Number(content.toString()));
      return 'written';
    },
  };
  return config;
}

export function changeOf(path: string, takesEffect: ConfigChange['takes_effect']): ConfigChange {
  return { path, running: 'a', on_disk: 'b', takes_effect: takesEffect, text: '' };
}

function snapshotOf(version: number): ConfigSnapshot {
  // The console hands the settings on and looks only for the name of the master; their identity is what the tests compare.
  const database = { version, sources: [{ source: { name: 'pg-a:5432/holdfast' } }] };
  const content = Buffer.from(`${version}`);
  const sha = createHash('sha256').update(content).digest('hex');
  return { version, sha, content, at: version, database, config: defaultConfig() } as unknown as ConfigSnapshot;
}
