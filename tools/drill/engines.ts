import type { DrillCluster, DriverName } from './drill-cluster.ts';
import { startMariadb } from './mariadb-cluster.ts';
import { startPostgres } from './postgres-cluster.ts';

/** How to start a master with two replicas of each engine that the drills can mistreat. */
export const engines: Readonly<Record<DriverName, () => Promise<DrillCluster>>> = {
  postgres: startPostgres,
  mysql: startMariadb,
};
