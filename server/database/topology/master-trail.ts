import type { Position, Reached } from '../dialect/dialect.ts';

interface Mark {
  readonly position: Position;
  readonly at: number;
}

/** How long a mark is kept, and how close together marks may stand. */
const keepMs = 120_000;
const spacingMs = 50;

/**
 * Where the master was and when, by our own clock. A replica's lag in time is "now minus the moment at which the
 * master first passed the replica's position": no clock skew, no writes, no privilege, and 0 on an idle master
 * (research/database-layer.md 3.3).
 */
export class MasterTrail {
  readonly #reached: Reached;
  readonly #marks: Mark[] = [];

  constructor(reached: Reached) {
    this.#reached = reached;
  }

  add(position: Position, at: number): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && (this.#reached(last.position, position) || at - last.at < spacingMs)) return;
    this.#marks.push({ position, at });
    while (at - (this.#marks[0]?.at ?? at) > keepMs) this.#marks.shift();
  }

  /** Forgets everything: the positions of another master say nothing about this one. */
  clear(): void {
    this.#marks.length = 0;
  }

  /**
   * How long ago the master passed `position`, seen from `now`; null without any mark to compare with.
   *
   * @param now when the replica was read: what the master did later is not held against it.
   */
  lagMs(position: Position, now: number): number | null {
    if (this.#marks.length === 0) return null;
    const passed = this.#marks.find((mark) => !this.#reached(position, mark.position));
    return passed === undefined ? 0 : Math.max(0, now - passed.at);
  }
}
