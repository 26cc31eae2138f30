export { type SearchRules, SearchService } from './search-service.ts';
