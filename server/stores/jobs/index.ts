export { createJobStore, type JobStore, type StoredJob } from './job-store.ts';
