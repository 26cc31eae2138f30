/** Length of the window for rates, in seconds. */
const rateWindow = 10;
const errorWindow = 60;
const sampleCount = 512;
const errorsKept = 20;
/** Time constant of the latency estimate, in milliseconds (Finagle's peak EWMA decays over about 10 s). */
const decayMs = 10_000;

/** Counts per second over the last `seconds` seconds. */
class SecondCounter {
  readonly #seconds: number;
  readonly #counts: number[];
  #latest = 0;

  constructor(seconds: number) {
    this.#seconds = seconds;
    this.#counts = new Array<number>(seconds).fill(0);
  }

  add(now: number): void {
    this.#moveTo(now);
    const slot = this.#latest % this.#seconds;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  total(now: number): number {
    this.#moveTo(now);
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  #moveTo(now: number): void {
    const second = Math.floor(now / 1_000);
    const passed = Math.min(second - this.#latest, this.#seconds);
    for (let i = 1; i <= passed; i++) this.#counts[(this.#latest + i) % this.#seconds] = 0;
    if (passed > 0) this.#latest = second;
  }
}

/** What one pool has done: totals, rates, latencies. All times are milliseconds on the layer's clock. */
export class PoolStatistics {
  queries = 0;
  reads = 0;
  writes = 0;
  errors = 0;
  lastError: string | null = null;
  /** The newest failures, oldest first. */
  readonly recentErrors: { readonly at: number; readonly text: string }[] = [];
  #latencyMs = 0;
  #latencyAt = 0;
  readonly #queryRate = new SecondCounter(rateWindow);
  readonly #errorRate = new SecondCounter(errorWindow);
  readonly #samples: { at: number; ms: number }[] = [];
  #next = 0;

  /** When a statement was answered last; 0 before the first. */
  get lastSuccessAt(): number {
    return this.#latencyAt;
  }

  /**
   * A peak-sensitive estimate of the latency: rises at once, decays over about 10 s, also while nobody asks. Otherwise one
   * slow answer would keep a source from being asked ever again.
   */
  latencyMs(now: number): number {
    return this.#latencyMs * Math.exp(-(now - this.#latencyAt) / decayMs);
  }

  succeeded(now: number, tookMs: number, writing: boolean): void {
    this.queries += 1;
    if (writing) this.writes += 1;
    else this.reads += 1;
    this.#queryRate.add(now);
    this.#observe(now, tookMs);
    const sample = this.#samples[this.#next];
    if (sample === undefined) this.#samples.push({ at: now, ms: tookMs });
    else {
      sample.at = now;
      sample.ms = tookMs;
    }
    this.#next = (this.#next + 1) % sampleCount;
  }

  failed(now: number, text: string): void {
    this.errors += 1;
    this.lastError = text;
    this.recentErrors.push({ at: now, text });
    if (this.recentErrors.length > errorsKept) this.recentErrors.shift();
    this.#errorRate.add(now);
  }

  queriesPerSecond(now: number): number {
    return this.#queryRate.total(now) / rateWindow;
  }

  errorsPerMinute(now: number): number {
    return this.#errorRate.total(now);
  }

  /** The 95th percentile of the last minute's queries (of the newest 512), or null without any. */
  p95(now: number): number | null {
    const recent = this.#samples.filter((sample) => now - sample.at <= 60_000).map((sample) => sample.ms);
    if (recent.length === 0) return null;
    recent.sort((a, b) => a - b);
    return recent[Math.min(recent.length - 1, Math.floor(recent.length * 0.95))] ?? null;
  }

  #observe(now: number, tookMs: number): void {
    if (tookMs > this.#latencyMs) this.#latencyMs = tookMs;
    else {
      const weight = Math.exp(-(now - this.#latencyAt) / decayMs);
      this.#latencyMs = this.#latencyMs * weight + tookMs * (1 - weight);
    }
    this.#latencyAt = now;
  }
}
