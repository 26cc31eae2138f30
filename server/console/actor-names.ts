import type { Caller } from '../services/index.ts';

export interface ActorNamesDeps {
  readonly findUsername: (userId: string) => Promise<string | undefined>;
  /** How long a name may take before the id stands in for it; default 1,000. */
  readonly limitMs?: number;
}

/** Who acted, by user name. Never fails and never waits for a database that is down: the id stands in for the name. */
export type ActorNames = (caller: Caller) => Promise<string>;

export function createActorNames({ findUsername, limitMs = 1_000 }: ActorNamesDeps): ActorNames {
  const known = new Map<string, string>();
  return async ({ userId }) => {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, limitMs, undefined);
    });
    const found = await Promise.race([findUsername(userId).catch(() => undefined), limit]);
    clearTimeout(timer);
    if (found !== undefined) known.set(userId, found);
    return found ?? known.get(userId) ?? userId;
  };
}
