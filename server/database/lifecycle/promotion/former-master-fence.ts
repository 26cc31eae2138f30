import type { Clock } from '../../clock.ts';
import type { Dialect } from '../../dialect/dialect.ts';
import type { Member } from '../../topology/index.ts';
import type { Live } from '../live.ts';
import { secondMaster } from '../second-masters.ts';
import { closeContact, contact, questionMs } from '../switchover/contact.ts';

const fenceMs = 5_000;
const retryMs = 5_000;

/**
 * Fences a former master that comes back and accepts writes, where a promotion by ourselves is allowed: nobody would be there
 * to do it in time. Tries again until it refuses writes.
 */
export class FormerMasterFence {
  readonly #deps: { readonly live: Live; readonly dialect: Dialect; readonly clock: Clock };
  #isBusy = false;
  #notBefore = 0;
  /** What was said last of each. */
  readonly #told = new Map<string, string>();

  constructor(deps: { readonly live: Live; readonly dialect: Dialect; readonly clock: Clock }) {
    this.#deps = deps;
  }

  /** Looks whether there is one; called about once a second. Never throws. */
  tick(): void {
    const { live, clock } = this.#deps;
    const { topology, settings } = live.current;
    if (!settings.automaticPromotion || this.#isBusy || clock.now() < this.#notBefore) return;
    const former = topology.members.find((member) => secondMaster(member, topology) === 'former');
    if (former === undefined) return;
    this.#isBusy = true;
    this.#notBefore = clock.now() + retryMs;
    void this.#fence(former).finally(() => {
      this.#isBusy = false;
    });
  }

  async #fence(member: Member): Promise<void> {
    const { live, dialect, clock } = this.#deps;
    const { connectTimeoutMs, sources } = live.current.settings;
    const configured = sources.find(({ source }) => source.name === member.name);
    if (configured === undefined) return;
    const found = await contact({ dialect, clock, connectTimeoutMs }, configured);
    try {
      const { connection } = found;
      if (connection === undefined) return;
      const missing = await dialect.switching.missingForFence(connection, questionMs);
      if (missing.length > 0) {
        return this.#tell(
          member,
          'former_master_open',
          `We may not fence ${member.name}. Run as an administrator: ${missing.join(' ')}`,
        );
      }
      await dialect.switching.fence(connection, { clock, ms: fenceMs });
      const text = `${member.name}, a former master, was fenced: it refuses writes. Rebuild it as a replica.`;
      this.#tell(member, 'former_master_fenced', text);
    } catch (error) {
      const { text } = dialect.classify(error, true);
      this.#tell(member, 'former_master_open', `${member.name}, a former master, could not be fenced: ${text}`);
    } finally {
      await closeContact(found).catch(() => undefined);
    }
  }

  #tell({ name, instance }: Member, kind: string, text: string): void {
    const what = `${instance} ${text}`;
    if (this.#told.get(name) === what) return;
    this.#told.set(name, what);
    const severity = kind === 'former_master_fenced' ? 'warning' : 'error';
    this.#deps.live.report({ kind, severity, source: name, text, detail: {} });
  }
}
