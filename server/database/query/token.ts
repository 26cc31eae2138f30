import type { Position } from '../dialect/dialect.ts';
import type { Causality, Token } from './causality.ts';

const pattern = /^(\d{1,20})\.(\d{1,10})\.([0-9A-Za-z:,-]{1,200})$/;

/** Makes the token of a position in a history (`<cluster>.<timeline>`). */
export function makeToken(history: string, position: Position): Token {
  return `${history}.${position}` as Token;
}

/** The position that a token asks for in this history; undefined when it speaks of another one. */
export function positionIn(token: Token | undefined, history: string | null): Position | undefined {
  if (token === undefined || history === null) return undefined;
  const { length } = history;
  return token.charCodeAt(length) === 46 && token.startsWith(history) ? token.slice(length + 1) : undefined;
}

/** Reads a token that a client sent; undefined for anything that is not one. */
export function parseToken(text: string | undefined): Token | undefined {
  return text !== undefined && pattern.test(text) ? (text as Token) : undefined;
}

/**
 * Which of two tokens asks for more. One of the present history counts, whatever the other says: an override can lead to
 * a history of a lower timeline. Else, of one cluster the later timeline counts; another cluster loses to the newcomer.
 */
function later(held: Token | undefined, offered: Token, { history, isLater }: Comparison): Token {
  if (held === undefined) return offered;
  const heldHistory = held.slice(0, held.lastIndexOf('.'));
  const position = positionIn(offered, heldHistory);
  if (position !== undefined) return isLater(position, held.slice(heldHistory.length + 1)) ? offered : held;
  const present = history();
  if (heldHistory === present) return held;
  if (positionIn(offered, present) !== undefined) return offered;
  const [heldCluster, heldTimeline] = held.split('.');
  const [cluster, timeline] = offered.split('.');
  return cluster === heldCluster && Number(timeline) < Number(heldTimeline) ? held : offered;
}

interface Comparison {
  /** That of the present master; null until it is known. */
  readonly history: () => string | null;
  readonly isLater: (a: Position, b: Position) => boolean;
}

/** The causality of one user. */
class UserCausality implements Causality {
  #token: Token | undefined;
  readonly #comparison: Comparison;
  touchedAt: number;

  constructor(comparison: Comparison, now: number) {
    this.#comparison = comparison;
    this.touchedAt = now;
  }

  get token(): Token | undefined {
    return this.#token;
  }

  raise(token: Token | undefined): void {
    if (token !== undefined) this.#token = later(this.#token, token, this.#comparison);
  }
}

/** How long an unused causality is kept: by then every fit replica has long passed it. */
const keepMs = 120_000;
const sweepAt = 10_000;
/** A sweep looks at every user, so it is not done for every new one. */
const sweepEveryMs = 10_000;

export interface CausalityRegistryDeps extends Comparison {
  readonly now: () => number;
}

/** What each user has seen, over all their sessions. Forgets users who were idle for two minutes. */
export class CausalityRegistry {
  readonly #deps: CausalityRegistryDeps;
  readonly #users = new Map<string, UserCausality>();
  #sweptAt = 0;

  constructor(deps: CausalityRegistryDeps) {
    this.#deps = deps;
  }

  /** The causality of a user; a new one for somebody not seen lately. */
  of(userId: string): Causality {
    const now = this.#deps.now();
    let found = this.#users.get(userId);
    if (found === undefined) {
      if (this.#users.size >= sweepAt && now - this.#sweptAt >= sweepEveryMs) this.#sweep(now);
      found = new UserCausality(this.#deps, now);
      this.#users.set(userId, found);
    }
    found.touchedAt = now;
    return found;
  }

  /** A causality of nobody: for work of the server itself. */
  detached(): Causality {
    return new UserCausality(this.#deps, this.#deps.now());
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const [userId, causality] of this.#users) {
      if (now - causality.touchedAt > keepMs) this.#users.delete(userId);
    }
  }
}
