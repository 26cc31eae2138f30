export { ConnectionPool, type Lease, type PoolCounts, type PoolOptions } from './connection-pool.ts';
