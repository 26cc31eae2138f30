import type { DatabaseStatus } from '../contract/index.ts';
import type { BenchResult } from './result.ts';
import { pageRequests, postRequests } from './support/chat-load.ts';
import type { BenchContext } from './support/context.ts';
import { successRate } from './support/load.ts';
import { summarise } from './support/statistics.ts';
import { withChat } from './support/with-chat.ts';

const CONNECTIONS = 20;

/** Everybody posts and at once reads the channel again: how many of those reads do replicas still serve? */
export async function readShare(context: BenchContext): Promise<BenchResult[]> {
  return withChat(async (chat) => {
    const posted = postRequests(chat, 'many');
    const requests = pageRequests(chat).flatMap((page, index) => [posted[index] ?? page, page]);
    const status = () => chat.admin.get<DatabaseStatus>('/database/status');
    const shares: number[] = [];
    for (let round = 0; round <= context.rounds; round++) {
      const before = await status();
      await successRate({ url: chat.holdfast.url, connections: CONNECTIONS, milliseconds: context.roundMs, requests });
      const share = shareOf(before, await status());
      // The first round warms up.
      if (round > 0) shares.push(share);
    }
    return [
      {
        name: 'reads served by replicas under causal load',
        ...summarise(shares),
        goal: '>= 0.9',
        unit: 'of all causal reads',
        detail: 'each connection posts and then reads the same channel; reads that must be the latest are not counted',
      },
    ];
  });
}

function shareOf(before: DatabaseStatus, after: DatabaseStatus): number {
  const byReplicas = after.reads.replica_total - before.reads.replica_total;
  const latest = (status: DatabaseStatus): number => status.reads.master_by_reason['latest'] ?? 0;
  const byMaster = after.reads.master_total - before.reads.master_total - (latest(after) - latest(before));
  return byReplicas / (byReplicas + byMaster);
}
