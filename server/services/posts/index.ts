export { mentionedNames, mentionsOf } from './mentions.ts';
export { People, type PeopleDeps } from './people.ts';
export { type ListQuery, PostService, type PostServiceDeps } from './post-service.ts';
export { createSystemPosts, type SystemNote, type SystemPosts } from './system-posts.ts';
export { createPostWriting, type PostChannel, type WritePost } from './write-post.ts';
