import { holdFetchToDescription } from '../openapi/described-fetch.ts';

// Set up before each file of the database tests: what they ask the API, and what it answers, is as it is described.
holdFetchToDescription();
