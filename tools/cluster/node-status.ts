/** One node as seen from outside and, where it answers, as it describes itself. */
export interface NodeStatus {
  readonly name: string;
  readonly port: number;
  readonly state: 'running' | 'frozen' | 'unready' | 'stopped' | 'unresponsive';
  readonly role: 'master' | 'replica' | 'none';
  /** Where its history stands, as people say it: `timeline 2`, `GTID 0-2-17`. Undefined without data. */
  readonly position: string | undefined;
  /** It is not part of the master's history: another node has taken over from it, or from what it followed. */
  readonly superseded: boolean;
  readonly pid: number | undefined;
  /** Replicas: whether log arrives. Master: undefined. */
  readonly receiving: boolean | undefined;
  /** What was received and is not applied yet, as people say it: `17 bytes`. Undefined for nothing. */
  readonly unapplied: string | undefined;
  readonly replayPaused: boolean | undefined;
  /** Milliseconds; 0 = none. */
  readonly applyDelayMs: number;
}
