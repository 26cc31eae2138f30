export { type Audit, type AuditStore, createAuditStore } from './audit-store.ts';
