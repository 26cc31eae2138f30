export { createWebapp, type WebappOptions } from './webapp.ts';
