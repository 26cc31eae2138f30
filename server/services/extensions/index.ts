export { createExtensions, type Extensions, type ExtensionsDeps, type ExtensionSettings } from './create-extensions.ts';
