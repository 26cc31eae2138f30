export { HealthMonitor } from './monitor.ts';
