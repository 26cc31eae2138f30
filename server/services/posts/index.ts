export { mentionedNames, mentionsOf } from './mentions.ts';
export { People } from './people.ts';
export { PostService } from './post-service.ts';
export { createSystemPosts, type SystemNote, type SystemPosts } from './system-posts.ts';
export { createPostWriting, type PostChannel } from './write-post.ts';
