import type { Clock } from '../clock.ts';
import type { Connection, Dialect, Failure } from '../dialect/dialect.ts';
import type { DiskReading } from '../dialect/disk-reading.ts';
import { tellsOfFullDisk } from '../dialect/full-disk.ts';
import type { Live, Snapshot } from '../lifecycle/live.ts';
import type { Member } from '../topology/index.ts';
import { diskEvents } from './changes.ts';
import { type DiskStatus, diskStatus } from './disk-status.ts';
import { withFolderSpace } from './folder-space.ts';
import { type DiskWarning, judgeDisks } from './judge.ts';
import { type MemberDisk, newMemberDisk, withReading } from './member-disk.ts';

/** Adding up the files of a large database takes its time. */
const checkTimeoutMs = 15_000;

/** What a database in trouble still has: a folder on this machine can be asked without it. */
const nothingRead: DiskReading = {
  databaseBytes: null,
  logBytes: null,
  logFolder: '.',
  space: { unknown: '' },
  logSpace: null,
  slots: [],
};

interface Watch {
  readonly fingerprint: string;
  disk: MemberDisk;
  checking: boolean;
  connection: Connection | undefined;
  cancel: () => void;
}

/**
 * Asks every data source of the current topology about its disk, by default once a minute, each time on a fresh
 * connection: never over a pool, and holding none meanwhile. It takes nothing out of the rotation: it only tells.
 */
export class DiskWatcher {
  readonly #live: Live;
  readonly #dialect: Dialect;
  readonly #clock: Clock;
  readonly #watches = new Map<string, Watch>();
  #warnings: readonly DiskWarning[] = [];
  #stopped = false;

  constructor(deps: { live: Live; dialect: Dialect; clock: Clock }) {
    this.#live = deps.live;
    this.#dialect = deps.dialect;
    this.#clock = deps.clock;
    deps.live.changes.subscribe(({ previous, current }) => {
      if (previous?.topology.generation !== current.topology.generation) this.#follow(current);
    });
  }

  start(): void {
    this.#follow(this.#live.current);
  }

  stop(): void {
    this.#stopped = true;
    for (const watch of this.#watches.values()) end(watch);
    this.#watches.clear();
  }

  /** A statement or a probe of this source failed. That a disk is full is told at once. */
  noteFailure(name: string, failure: Failure): void {
    const watch = this.#watches.get(name);
    if (watch === undefined || !tellsOfFullDisk(failure)) return;
    watch.disk = { ...watch.disk, refusedAt: this.#clock.now(), refusal: failure.text };
    const isNews = !this.#warnings.some(({ kind, source }) => kind === 'disk_full' && source === name);
    if (!isNews) return;
    this.#judge();
    if (!watch.checking) this.#checkIn(0, name, watch);
  }

  status({ name, role }: Pick<Member, 'name' | 'role'>): DiskStatus {
    const { master } = this.#live.current.topology;
    const disk = this.#watches.get(name)?.disk ?? newMemberDisk(name, role);
    return diskStatus(disk, this.#watches.get(master.name)?.disk, this.#warnings);
  }

  #follow({ topology }: Snapshot): void {
    if (this.#stopped) return;
    const members = new Map(topology.members.map((member) => [member.name, member]));
    for (const [name, watch] of this.#watches) {
      if (members.get(name)?.source.fingerprint === watch.fingerprint) continue;
      end(watch);
      this.#watches.delete(name);
    }
    for (const [name, { source, role }] of members) {
      const known = this.#watches.get(name);
      if (known !== undefined) known.disk = { ...known.disk, role };
      const { fingerprint } = source;
      const disk = newMemberDisk(name, role);
      const watch = known ?? { fingerprint, disk, checking: false, connection: undefined, cancel: () => undefined };
      this.#watches.set(name, watch);
      if (!watch.checking) this.#checkIn(0, name, watch);
    }
    this.#judge();
  }

  #checkIn(ms: number, name: string, watch: Watch): void {
    watch.cancel();
    watch.cancel = this.#clock.after(ms, () => void this.#check(name, watch));
  }

  async #check(name: string, watch: Watch): Promise<void> {
    watch.checking = true;
    const [asked, failure] = await this.#ask(name, watch);
    const folder = this.#live.current.settings.dataFolders.get(name);
    const base = asked ?? watch.disk.reading ?? nothingRead;
    const reading = folder === undefined ? asked : await withFolderSpace(base, folder);
    watch.checking = false;
    if (this.#stopped || this.#watches.get(name) !== watch) return;
    const read = reading === undefined ? watch.disk : withReading(watch.disk, reading, this.#clock.now());
    watch.disk = { ...read, failure };
    this.#judge();
    this.#checkIn(this.#live.current.settings.diskCheckIntervalMs, name, watch);
  }

  /** What the database says, or why it says nothing. */
  async #ask(name: string, watch: Watch): Promise<[DiskReading | undefined, string | null]> {
    const { topology, settings } = this.#live.current;
    const member = topology.members.find((one) => one.name === name);
    if (member === undefined) return [undefined, null];
    try {
      const connector = this.#dialect.connector(member.source, {
        connectTimeoutMs: settings.connectTimeoutMs,
        statementTimeoutMs: checkTimeoutMs,
        applicationName: 'holdfast disk check',
      });
      watch.connection = await connector.open();
      // It may have been opened for a layer that was closed meanwhile.
      if (this.#stopped) return [undefined, null];
      const reading = await this.#dialect.readDisk(watch.connection, checkTimeoutMs);
      await watch.connection.close();
      return [reading, null];
    } catch (error) {
      const failure = this.#dialect.classify(error, false);
      this.noteFailure(name, failure);
      return [undefined, failure.text];
    } finally {
      watch.connection?.destroy();
      watch.connection = undefined;
    }
  }

  #judge(): void {
    const disks = [...this.#watches.values()].map(({ disk }) => disk);
    const { slotLimitBytes } = this.#live.current.settings;
    const after = judgeDisks(disks, this.#warnings, { now: this.#clock.now(), slotLimitBytes });
    const events = diskEvents(this.#warnings, after, new Set(this.#watches.keys()));
    this.#warnings = after;
    for (const event of events) this.#live.report(event);
  }
}

function end(watch: Watch): void {
  watch.cancel();
  watch.connection?.destroy();
}
