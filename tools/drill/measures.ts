/** What one kind of request met in one phase. Times in milliseconds. */
export interface Measured {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

/** Answers and refusals, sorted into the phases of a story. */
export class Measures {
  readonly #times: { phase: string; kind: RequestKind; ms: number }[] = [];
  readonly #failures: { phase: string; kind: RequestKind; text: string }[] = [];
  readonly #stale: string[] = [];
  #phase = '';
  #lastWrite = performance.now();
  readonly #pauses = new Map<string, number>();

  begin(phase: string): void {
    this.#phase = phase;
  }

  answered(kind: RequestKind, ms: number): void {
    this.#times.push({ phase: this.#phase, kind, ms });
    if (kind === 'write') this.#endPause();
  }

  /** A refusal or a broken request that the client saw; one of a kind may be seen many times. */
  failed(kind: RequestKind, error: unknown): void {
    this.#failures.push({ phase: this.#phase, kind, text: error instanceof Error ? error.message : String(error) });
  }

  /** An answer that lacks what its user knew of. */
  stale(kind: RequestKind): void {
    this.#stale.push(`${kind}: an old answer in the phase "${this.#phase}"`);
  }

  get staleReads(): number {
    return this.#stale.length;
  }

  get reads(): number {
    return this.#times.filter(({ kind }) => kind === 'read').length;
  }

  get writes(): number {
    return this.#times.filter(({ kind }) => kind === 'write').length;
  }

  /** The longest time in which nobody's message was acknowledged. */
  get longestPauseMs(): number {
    return Math.max(...this.#pauses.values(), performance.now() - this.#lastWrite);
  }

  /** The same among the pauses that ended in this phase. */
  pauseOf(phase: string): number {
    return this.#pauses.get(phase) ?? 0;
  }

  failures(kind: RequestKind): number {
    return this.#failures.filter((failure) => failure.kind === kind).length;
  }

  /** Each different failure, and each kind of old answer, with how often it was seen. */
  failureTexts(): readonly string[] {
    const counts = new Map<string, number>();
    const refused = this.#failures.map(({ kind, text }) => `${kind}: ${text}`);
    for (const text of [...refused, ...this.#stale]) counts.set(text, (counts.get(text) ?? 0) + 1);
    return [...counts].map(([text, count]) => `${count} x ${text}`);
  }

  of(phase: string, kind: RequestKind): Measured {
    const times = this.#times.filter((each) => each.phase === phase && each.kind === kind).map(({ ms }) => ms);
    const sorted = times.toSorted((a, b) => a - b);
    const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
    return { count: sorted.length, p50: at(0.5), p99: at(0.99), longest: at(1) };
  }

  #endPause(): void {
    const now = performance.now();
    this.#pauses.set(this.#phase, Math.max(this.pauseOf(this.#phase), now - this.#lastWrite));
    this.#lastWrite = now;
  }
}

export type RequestKind = 'read' | 'write' | 'event read';
