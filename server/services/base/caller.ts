import type { Causality } from '../../database/index.ts';
import type { Grants } from './grants.ts';

/** Who asks, and what they have seen. Made once per request or socket message from the session. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
  /** The system roles of the user, e.g. `system_user system_admin` split at spaces. */
  readonly roles: readonly string[];
  /** What roles bring, as of now. */
  readonly grants: Grants;
  readonly causality: Causality;
  readonly requestId: string;
  /** The peer's address, for audit and rate limits. */
  readonly address: string;
  /** The connection that must not receive the event it caused (typing), or empty. */
  readonly connectionId: string;
}

/** Whether the caller is a system admin. */
export function isSystemAdmin(caller: Caller): boolean {
  return caller.roles.includes('system_admin');
}
