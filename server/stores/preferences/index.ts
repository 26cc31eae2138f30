export { createPreferenceStore, type PreferenceKey, type PreferenceStore } from './preference-store.ts';
