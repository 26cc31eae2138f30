export { findPatroni, PATRONI_ADVICE, PATRONI_PACKAGES, type PatroniPrograms } from './find-patroni.ts';
export { type PatroniCluster, type PatroniMember, startPatroni } from './patroni-cluster.ts';
