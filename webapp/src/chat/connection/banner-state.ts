import type { DatabaseMode } from '../../../../contract/index.ts';

/** What the banner follows. Times in ms. */
export interface LinkFacts {
  readonly connected: boolean;
  readonly mode: DatabaseMode['mode'];
  /** Something has been read that the page can go on showing. */
  readonly canRead: boolean;
  /** A message has failed to go out and waits for its next try. */
  readonly stalled: boolean;
  /** Messages that are not confirmed yet. */
  readonly waiting: number;
  /** Messages confirmed since the page was opened. */
  readonly sent: number;
  readonly now: number;
}

export type Trouble = 'lost' | 'switching' | 'read-only' | 'stalled';

/**
 * `quiet`: nothing to say. `trouble`: since when, of which kind. `recovering`: the line is back and the queue drains.
 * `back`: said for a moment at the end.
 */
export type BannerState =
  | { readonly phase: 'quiet' }
  | {
      readonly phase: 'trouble' | 'recovering';
      readonly kind: Trouble;
      readonly since: number;
      readonly sentBefore: number;
    }
  | { readonly phase: 'back'; readonly at: number; readonly sent: number };

export const quiet: BannerState = { phase: 'quiet' };

/** A short trouble is never shown. */
export const debounceTime = 2_000;
export const detailTime = 10_000;
export const stuckTime = 300_000;
export const backTime = 3_000;

function troubleOf(facts: LinkFacts): Trouble | undefined {
  if (!facts.connected) return 'lost';
  if (facts.mode !== 'normal') return facts.mode;
  return facts.stalled ? 'stalled' : undefined;
}

const wasShown = (since: number, now: number) => now - since >= debounceTime;

function afterTrouble(
  state: BannerState & { since: number; sentBefore: number; kind: Trouble },
  facts: LinkFacts,
): BannerState {
  if (!wasShown(state.since, facts.now)) return quiet;
  if (facts.waiting > 0) return { ...state, phase: 'recovering' };
  return { phase: 'back', at: facts.now, sent: facts.sent - state.sentBefore };
}

/** The next state. A new kind of trouble goes on with the time and the count of the one before. */
export function nextBanner(state: BannerState, facts: LinkFacts): BannerState {
  const kind = troubleOf(facts);
  if (kind !== undefined) {
    if (state.phase === 'quiet' || state.phase === 'back') {
      return { phase: 'trouble', kind, since: facts.now, sentBefore: facts.sent };
    }
    return state.phase === 'trouble' && state.kind === kind ? state : { ...state, phase: 'trouble', kind };
  }
  if (state.phase === 'trouble' || state.phase === 'recovering') return afterTrouble(state, facts);
  if (state.phase === 'back' && facts.now - state.at >= backTime) return quiet;
  return state;
}

/** What is on the screen; `undefined` while there is nothing to say. */
export interface BannerView {
  readonly say: Trouble | 'unreadable' | 'stuck' | 'recovering' | 'back';
  /** Messages waiting, or sent when it says `back`. Zero: not mentioned. */
  readonly count: number;
  /** When the trouble began, once it has lasted; shown with a switch of databases. */
  readonly since: number | undefined;
  readonly canRetry: boolean;
  readonly canCopy: boolean;
}

export function viewBanner(state: BannerState, facts: LinkFacts): BannerView | undefined {
  const plain = { since: undefined, canRetry: false, canCopy: false };
  if (state.phase === 'quiet') return undefined;
  if (state.phase === 'back') return { ...plain, say: 'back', count: state.sent };
  const age = facts.now - state.since;
  if (age < debounceTime) return undefined;
  if (state.phase === 'recovering') return { ...plain, say: 'recovering', count: facts.waiting };
  const lasting = age >= detailTime;
  const stuck = age >= stuckTime && facts.waiting > 0;
  const ofDatabases = state.kind === 'switching' || state.kind === 'read-only';
  // Nobody "keeps reading" what was never there.
  const say = ofDatabases && !facts.canRead ? 'unreadable' : state.kind;
  return {
    say: stuck ? 'stuck' : say,
    count: lasting ? facts.waiting : 0,
    since: lasting && ofDatabases ? state.since : undefined,
    canRetry: lasting,
    canCopy: stuck,
  };
}
