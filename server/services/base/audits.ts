/** Something that somebody did and that an administrator may want to know. */
export interface AuditEntry {
  /** Empty for a stranger. */
  readonly userId: string;
  /** The path of the API that it was done by, with its ids. */
  readonly action: string;
  /** How it came out, `success` or `fail`, and what else is worth knowing. No secret. */
  readonly extra: string;
  readonly address: string;
  readonly sessionId: string;
}

/** Takes note of it. Never throws and never waits. */
export type RecordAudit = (entry: AuditEntry) => void;
