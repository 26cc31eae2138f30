import type { DatabaseStatus } from '../../contract/index.ts';
import type { ApiClient, Holdfast } from '../../tools/holdfast/index.ts';

/** What the pools of one node have served since they were opened. */
export interface Served {
  readonly reads: number;
  readonly writes: number;
}

/** Per node of the cluster, what its live pool has served. Nodes without a pool are left out. */
export async function readTraffic(admin: ApiClient, { cluster }: Holdfast): Promise<Readonly<Record<string, Served>>> {
  const { sources } = await admin.get<DatabaseStatus>('/database/status');
  const pairs = sources.map(({ port, reads_total: reads, writes_total: writes }) => {
    const node = cluster.nodes.find((each) => each.port === port);
    return [node?.name ?? String(port), { reads, writes }] as const;
  });
  return Object.fromEntries(pairs);
}
