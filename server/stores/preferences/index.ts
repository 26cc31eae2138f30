export { createPreferenceStore, FAVORITES, type PreferenceKey, type PreferenceStore } from './preference-store.ts';
