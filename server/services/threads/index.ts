export { createThreadNews } from './thread-news.ts';
export { ThreadService } from './thread-service.ts';
