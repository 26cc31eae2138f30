export { createIntegrityStore, type IntegrityStore, type Relation, relations } from './integrity-store.ts';
