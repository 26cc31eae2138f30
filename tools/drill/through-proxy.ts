import type { FaultProxy } from '../faults/index.ts';
import type { NodeNetwork } from './drill-cluster.ts';

/** A connection string that leads through the proxy, and what may befall the network on this way. */
export function throughProxy(
  direct: string,
  proxy: FaultProxy,
): { readonly url: string; readonly network: NodeNetwork } {
  const url = new URL(direct);
  url.port = String(proxy.port);
  const network = {
    drop: () => proxy.set('blackhole'),
    reset: () => proxy.set('reset'),
    slow: (ms: number) => proxy.set('latency', ms),
    heal: () => proxy.set('pass'),
  };
  return { url: url.href, network };
}
