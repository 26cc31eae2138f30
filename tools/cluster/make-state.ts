import { ClusterError } from './errors.ts';
import { chooseDataRoot } from './placement.ts';
import { findFreePorts } from './ports.ts';
import { chooseRunAs } from './run-as.ts';
import { type ClusterState, newClusterId, newSecrets, writeSecrets, writeState } from './state.ts';

const NODE_NAME = /^[a-z][a-z0-9-]{0,30}$/;

/** @throws ClusterError that says what a name may have. */
export function checkName(name: string): void {
  if (!NODE_NAME.test(name))
    throw new ClusterError(`"${name}" is no node name: small letters, digits and dashes, at most 31.`);
}

/** Chooses ports, passwords and a place for the data of a new cluster, and remembers them in `directory`. */
export async function makeState(
  directory: string,
  { names, durable }: { readonly names: readonly string[]; readonly durable: boolean },
): Promise<ClusterState> {
  for (const name of names) checkName(name);
  if (new Set(names).size !== names.length || names.length === 0)
    throw new ClusterError('Nodes need different names, at least one.');
  const dataRoot = chooseDataRoot(directory, chooseRunAs());
  const ports = await findFreePorts(names.length);
  const nodes = names.map((name, at) => ({ name, port: ports[at] ?? 0 }));
  const state: ClusterState = { format: 1, id: newClusterId(), dataRoot, durable, nodes };
  writeSecrets(directory, newSecrets());
  writeState(directory, state);
  return state;
}
