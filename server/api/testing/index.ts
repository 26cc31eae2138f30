export { type BadAnswer, type BadInputOptions, findBadAnswers } from './bad-input.ts';
export { type MemoryAnswer, type MemoryApi, startMemoryApi } from './memory-api.ts';
export { stopServer } from './stop-server.ts';
export { startTestApi, type TestAnswer, TestApi, type TestApiOptions, type TestPerson } from './test-api.ts';
