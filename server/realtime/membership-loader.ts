import type { Memberships } from './audience.ts';

export interface MembershipLoaderDeps {
  readonly memberships: (userId: string) => Promise<Memberships>;
  /** Called once for every user asked for: with the memberships, or with the error. */
  readonly loaded: (userId: string, memberships: Memberships) => void;
  readonly failed: (userId: string, error: unknown) => void;
  /** Readings at the same time. Default 8. */
  readonly limit?: number;
}

export interface MembershipLoader {
  /** Asks for a user's memberships; a user who is being read already is not read twice. */
  request(userId: string): void;
}

/**
 * Reads memberships a few users at a time: when thousands of clients come back at once after a restart, the database
 * keeps room for everything else.
 */
export function createMembershipLoader(deps: MembershipLoaderDeps): MembershipLoader {
  const limit = deps.limit ?? 8;
  const waiting = new Set<string>();
  const running = new Set<string>();

  async function read(userId: string): Promise<void> {
    try {
      deps.loaded(userId, await deps.memberships(userId));
    } catch (error) {
      deps.failed(userId, error);
    } finally {
      running.delete(userId);
      startNext();
    }
  }

  function startNext(): void {
    for (const userId of waiting) {
      if (running.size >= limit) return;
      waiting.delete(userId);
      running.add(userId);
      void read(userId);
    }
  }

  return {
    request(userId) {
      if (running.has(userId)) return;
      waiting.add(userId);
      startNext();
    },
  };
}
