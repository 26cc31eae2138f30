import type { Switching } from './switching.ts';

const refusal =
  'A planned switchover is there for PostgreSQL only, not yet for MariaDB and MySQL. Promote the replica by hand: it is followed.';
const refuse = (): Promise<never> => Promise.reject(new Error(refusal));
const none = (): readonly string[] => [];

/** Says so before anything happens: nothing else of it is ever called. */
export const mysqlSwitching: Switching = {
  refusal,
  commands: { promote: [], unfence: [], repoint: none, rejoin: none },
  masterFacts: refuse,
  candidateFacts: refuse,
  missingForFence: refuse,
  missingForPromotion: refuse,
  missingForRepoint: refuse,
  lock: refuse,
  fence: refuse,
  unfence: refuse,
  promote: refuse,
  repoint: refuse,
};
