export { type Administration, type AdministrationDeps, createAdministration } from './create-administration.ts';
export { testSiteUrl } from './test-site-url.ts';
