export type EventSeverity = 'info' | 'warning' | 'error';

/** Something that an operator may want to know about. Named, with fields; the text carries no secret. */
export interface LayerEvent {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /**
   * `left_rotation`, `returned`, `health_changed`, `role_changed`, `two_masters`, `former_master`, `mode_changed`, `recycled`,
   * `recycle_failed`, `recycle_cancelled`, `recycle_overridden`, `master_changed`, `failed_over`, `switched_over`, `switchover_failed`,
   * `writes_carried_over`, `writes_given_up`, `history_changed`, `unsafe_commit`, `durability_unmet`, `durability_met`, `durability_changed`,
   * `promoted`, `promotion_refused`, `replica_astray`, `automatic_promotion_ready`, `automatic_promotion_ineffective`,
   * `patroni_unreachable`, `patroni_answers`,
   * `former_master_fenced`, `former_master_open`,
   * `disk_low`, `disk_full`, `slot_holds_back`, `no_roomy_replica`, `disk_recovered`.
   */
  readonly kind: string;
  readonly severity: EventSeverity;
  /** Name of the data source, or null. */
  readonly source: string | null;
  readonly text: string;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

export type Listener<T> = (value: T) => void;

/** A list of listeners. One that throws does not keep the others from hearing. */
export class Emitter<T> {
  readonly #listeners = new Set<Listener<T>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void = () => undefined) {
    this.#onError = onError;
  }

  /** Adds a listener; the answer removes it. */
  subscribe(listener: Listener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(value: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
