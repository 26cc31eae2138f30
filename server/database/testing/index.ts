export { type OpenTestDatabase, openTestDatabase, testSettings } from './open-test-database.ts';
