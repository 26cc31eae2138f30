import type { DrillNode } from '../drill-cluster.ts';

/** The two halves of a fault that holds something of a node: its beginning takes it, its end gives it back. */
export function holding(take: (node: DrillNode) => Promise<() => Promise<void>>) {
  let giveBack: () => Promise<void> = () => Promise.resolve();
  return {
    make: async (node: DrillNode): Promise<void> => {
      giveBack = await take(node);
    },
    undo: (): Promise<void> => giveBack(),
  };
}
