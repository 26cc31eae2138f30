export { PreferenceService, type PreferenceServiceDeps } from './preference-service.ts';
