export { People } from './people.ts';
export { postsMentioning } from './posts-mentioning.ts';
export { checkMessageLength } from './check-message.ts';
export { EphemeralPosts } from './ephemeral-posts.ts';
export { PostFinder } from './post-finder.ts';
export { type ListQuery, PostService } from './post-service.ts';
export { createSystemPosts, type SystemNote, type SystemPosts } from './system-posts.ts';
export { createPostWriting, type NewReply, type PostChannel, type TellFollowers } from './write-post.ts';
