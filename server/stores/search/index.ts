export * from './search-scope.ts';
export { createSearchNames, type SearchNames } from './search-names.ts';
