import type { Clock } from '../clock.ts';
import type { HealthMonitor } from '../health/index.ts';
import type { Live } from '../lifecycle/live.ts';
import type { ModeKeeper } from '../lifecycle/mode.ts';
import { masterServes, type Member } from '../topology/index.ts';
import { ask } from './ask.ts';
import { type ClusterView, inWords, leaderOf, type PatroniMember } from './cluster-view.ts';

/** What Patroni says. It explains, and makes us look sooner; who is the master the databases tell themselves. */
export interface PatroniStatus {
  /** `waiting`: not asked yet. */
  state: 'off' | 'waiting' | 'answers' | 'unreachable';
  /** One line; empty when it is off. */
  text: string;
  /** Milliseconds since 1970 of the last look; null before the first. */
  checked_at: number | null;
}

export interface PatroniWatcherDeps {
  readonly live: Live;
  readonly clock: Clock;
  readonly monitor: Pick<HealthMonitor, 'checkNow'>;
  readonly mode: Pick<ModeKeeper, 'remark'>;
}

const calmMs = 5_000;
/** Without a master somebody waits for the answer. */
const eagerMs = 500;
const timeoutMs = 2_000;

/**
 * Asks Patroni's REST interface who leads, where the setting `PatroniUrls` names it. Its answer is never believed: it only
 * has the databases probed at once, and stands beside what they say.
 */
export class PatroniWatcher {
  readonly #deps: PatroniWatcherDeps;
  #cancel: () => void = () => undefined;
  #isAsking = false;
  #stopped = false;
  #view: ClusterView | undefined;
  #failures = '';
  #checkedAt: number | null = null;
  #leader: string | undefined;
  /** The one that answered last is asked first. */
  #favourite = '';

  constructor(deps: PatroniWatcherDeps) {
    this.#deps = deps;
    deps.live.changes.subscribe(({ previous, current }) => {
      const wasFine = previous !== undefined && masterServes(previous.topology);
      if (previous?.settings !== current.settings || (wasFine && !masterServes(current.topology))) this.#soon(0);
    });
  }

  start(): void {
    this.#soon(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  status(): PatroniStatus {
    const { patroniUrls } = this.#deps.live.current.settings;
    if (patroniUrls.length === 0) return { state: 'off', text: '', checked_at: null };
    const checkedAt = this.#checkedAt === null ? null : Math.round(this.#checkedAt);
    if (checkedAt === null) return { state: 'waiting', text: 'Not asked yet.', checked_at: null };
    if (this.#view === undefined) return { state: 'unreachable', text: this.#failures, checked_at: checkedAt };
    return {
      state: 'answers',
      text: `${inWords(this.#view)}${this.#contradiction(this.#view)}`,
      checked_at: checkedAt,
    };
  }

  #soon(ms: number): void {
    this.#cancel();
    if (this.#stopped || this.#isAsking || this.#deps.live.current.settings.patroniUrls.length === 0) return;
    this.#cancel = this.#deps.clock.after(ms, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#isAsking = true;
    const before = this.status().state;
    const failures: string[] = [];
    let view: ClusterView | undefined;
    for (const url of this.#urls()) {
      const answer = await ask(url, this.#deps.clock, timeoutMs);
      if ('view' in answer) {
        view = answer.view;
        this.#favourite = url;
        break;
      }
      failures.push(`${new URL(url).host}: ${answer.failure}`);
    }
    this.#isAsking = false;
    if (this.#stopped) return;
    this.#view = view;
    this.#failures = failures.join('; ');
    this.#checkedAt = this.#deps.clock.now();
    this.#tell(before);
    this.#hurry();
    this.#soon(masterServes(this.#deps.live.current.topology) ? calmMs : eagerMs);
  }

  #urls(): readonly string[] {
    const { patroniUrls } = this.#deps.live.current.settings;
    return patroniUrls.toSorted((a, b) => Number(b === this.#favourite) - Number(a === this.#favourite));
  }

  #tell(before: PatroniStatus['state']): void {
    const { live, mode } = this.#deps;
    const { state, text } = this.status();
    mode.remark('patroni', state === 'off' ? '' : `Patroni: ${state === 'unreachable' ? 'unreachable, ' : ''}${text}.`);
    if (state === before || (state === 'answers' && before !== 'unreachable')) return;
    const event = { source: null, detail: {} };
    if (state === 'unreachable') {
      const why = `Patroni does not answer: ${text}. The databases are asked as ever; who is the master is not in question.`;
      live.report({ ...event, kind: 'patroni_unreachable', severity: 'warning', text: why });
    } else if (state === 'answers') {
      live.report({ ...event, kind: 'patroni_answers', severity: 'info', text: `Patroni answers again: ${text}.` });
    }
  }

  /** Another leader, or one that is not the master here: the databases are asked now and not at their next turn. */
  #hurry(): void {
    const { live, monitor } = this.#deps;
    const leader = this.#view === undefined ? undefined : leaderOf(this.#view);
    const isNews = leader?.name !== this.#leader;
    this.#leader = leader?.name;
    const { master, members } = live.current.topology;
    const ours = leader === undefined ? undefined : members.find((member) => isAt(member, leader));
    if (ours === undefined || ours === master || !(isNews || !masterServes(live.current.topology))) return;
    for (const { name } of [ours, master]) monitor.checkNow(name);
  }

  #contradiction(view: ClusterView): string {
    const { topology } = this.#deps.live.current;
    const leader = leaderOf(view);
    const ours = leader === undefined ? undefined : topology.members.find((member) => isAt(member, leader));
    if (leader === undefined || ours === topology.master || !masterServes(topology)) return '';
    if (ours !== undefined) return `. The databases say that ${topology.master.name} is the master`;
    return leader.host === null ? '' : `. ${leader.host}:${leader.port} is no data source here`;
  }
}

function isAt({ source }: Member, { host, port }: PatroniMember): boolean {
  return source.hosts.some((one) => one.host === host && one.port === port);
}
