/** Something about the cluster that a person can act on: the message says what is wrong and what to do. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}
