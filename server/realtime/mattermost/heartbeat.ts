/** Something that must show a sign of life between two beats. */
export interface Beating {
  beat(): void;
}

/** Between two beats of one socket. Clients of Mattermost give a server up that is silent for more than 60 s. */
const intervalMs = 30_000;
const turns = 30;

/** Beats each socket every 30 s, a part of them at each turn, so that not all are written to in the same moment. */
export class Heartbeat {
  readonly #parts: readonly Set<Beating>[] = Array.from({ length: turns }, () => new Set<Beating>());
  #at = 0;
  #timer: NodeJS.Timeout | undefined;

  start(): void {
    this.#timer ??= setInterval(() => this.turn(), intervalMs / turns).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** The first beat comes a whole interval later. The answer ends it. */
  add(beating: Beating): () => void {
    const part = this.#parts[this.#at];
    part?.add(beating);
    return () => void part?.delete(beating);
  }

  turn(): void {
    this.#at = (this.#at + 1) % turns;
    for (const beating of this.#parts[this.#at] ?? []) beating.beat();
  }
}
