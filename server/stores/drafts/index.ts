export { createDraftStore, type DraftPlace, type DraftStore, type StoredDraft } from './draft-store.ts';
