import { z } from 'zod';
import { channelUnread } from '../channel.ts';
import { fileInfo, fileLink, uploadedFiles, uploadSession } from '../file.ts';
import { post, postInfo, postList, reaction, storedPostsResponse } from '../post.ts';
import type { Endpoints } from './endpoint.ts';

const self = ['self'];
const read = ['read_channel_content', 'read_public_channel'];
const see = ['read_channel', 'read_public_channel'];
const edit = ['edit_post', 'edit_others_posts'];

const writingEndpoints: Endpoints = {
  'POST /posts': {
    summary: 'Writes a post. The same `pending_post_id` gives the same post.',
    permissions: ['create_post', 'create_post_public'],
    query: ['set_online'],
    answer: post,
  },
  'PUT /posts/{post_id}': { summary: 'Changes a post.', permissions: edit, answer: post },
  'PUT /posts/{post_id}/patch': { summary: 'Changes parts of a post.', permissions: edit, answer: post },
  'DELETE /posts/{post_id}': {
    summary: 'Deletes a post with its replies.',
    permissions: ['delete_post', 'delete_others_posts'],
  },
  'POST /posts/{post_id}/restore/{version_id}': {
    summary: 'Gives an own post the text and the files back that it had before.',
    permissions: ['edit_post'],
    answer: post,
  },
  'POST /posts/ephemeral': {
    summary: 'Shows a post to one user, and stores it nowhere.',
    permissions: ['create_post_ephemeral'],
    answer: post,
  },
  'POST /posts/{post_id}/pin': { summary: 'Pins a post to its channel.', permissions: read },
  'POST /posts/{post_id}/unpin': { summary: 'Takes a post off again.', permissions: read },
  'POST /posts/stored': {
    summary: "Ours: which of the caller's pending ids are stored.",
    permissions: [],
    answer: storedPostsResponse,
  },
};

const readingEndpoints: Endpoints = {
  'GET /posts/{post_id}': { summary: 'One post.', permissions: read, query: ['include_deleted'], answer: post },
  'POST /posts/ids': { summary: 'Posts by their ids.', permissions: read, answer: z.array(post) },
  'GET /posts/{post_id}/info': {
    summary: 'Where a post is: its channel and team, and whether the caller is in them.',
    permissions: [...see, 'join_public_teams'],
    answer: postInfo,
  },
  'GET /users/{user_id}/posts/flagged': {
    summary: 'Posts that the caller has flagged (the preferences `flagged_post`), newest first.',
    permissions: ['self'],
    query: ['team_id', 'channel_id', 'page', 'per_page'],
    answer: postList,
  },
  'GET /posts/{post_id}/edit_history': {
    summary: 'Former versions of a post, newest first.',
    permissions: ['edit_post'],
    answer: z.array(post),
  },
  'GET /posts/{post_id}/thread': {
    summary: 'A post with its replies.',
    permissions: read,
    query: [
      'perPage',
      'fromPost',
      'fromCreateAt',
      'direction',
      'collapsedThreads',
      'collapsedThreadsExtended',
      'skipFetchThreads',
    ],
    answer: postList,
  },
  'GET /channels/{channel_id}/posts': {
    summary: 'Posts of a channel, newest first.',
    permissions: read,
    query: [
      'page',
      'per_page',
      'since',
      'before',
      'after',
      'collapsedThreads',
      'collapsedThreadsExtended',
      'skipFetchThreads',
    ],
    answer: postList,
  },
  'GET /channels/{channel_id}/pinned': { summary: 'Pinned posts of a channel.', permissions: read, answer: postList },
  'GET /users/{user_id}/channels/{channel_id}/posts/unread': {
    summary: 'Posts around the first one that was not read.',
    permissions: self,
    query: ['limit_before', 'limit_after', 'collapsedThreads', 'collapsedThreadsExtended', 'skipFetchThreads'],
    answer: postList,
  },
  'POST /users/{user_id}/posts/{post_id}/set_unread': {
    summary: 'Makes a post and all after it unread again.',
    permissions: self,
    answer: channelUnread,
  },
};

const reactionEndpoints: Endpoints = {
  'POST /reactions': { summary: 'Reacts to a post.', permissions: ['add_reaction'], answer: reaction },
  'GET /posts/{post_id}/reactions': {
    summary: 'Reactions to a post.',
    permissions: read,
    answer: z.array(reaction),
  },
  'POST /posts/ids/reactions': {
    summary: 'Reactions to several posts.',
    permissions: read,
    answer: z.record(z.string(), z.array(reaction)),
  },
  'DELETE /users/{user_id}/posts/{post_id}/reactions/{emoji_name}': {
    summary: 'Takes a reaction back.',
    permissions: ['remove_reaction', 'remove_others_reactions'],
  },
};

const fileEndpoints: Endpoints = {
  'POST /files': {
    summary: 'Uploads files, as a form or as bare bytes.',
    permissions: ['upload_file'],
    query: ['channel_id', 'filename', 'client_ids'],
    takes: 'form',
    answer: uploadedFiles,
  },
  'POST /uploads': {
    summary: 'Announces a file that comes in pieces.',
    permissions: ['upload_file'],
    answer: uploadSession,
  },
  'GET /uploads/{upload_id}': { summary: 'How much has come.', permissions: self, answer: uploadSession },
  'POST /uploads/{upload_id}': {
    summary: 'The next bytes; 204 until all are there.',
    permissions: self,
    takes: 'bytes',
    answer: fileInfo,
  },
  'GET /files/{file_id}': { summary: 'A file.', permissions: read, query: ['download'], answer: 'bytes' },
  'GET /files/{file_id}/thumbnail': {
    summary: 'A small picture of a picture.',
    permissions: read,
    query: ['download'],
    answer: 'bytes',
  },
  'GET /files/{file_id}/preview': {
    summary: 'A picture, not larger than a screen.',
    permissions: read,
    query: ['download'],
    answer: 'bytes',
  },
  'GET /files/{file_id}/public': {
    summary: 'A file by its public link.',
    permissions: [],
    query: ['h', 'download'],
    answer: 'bytes',
  },
  'GET /files/{file_id}/info': { summary: 'What is known of a file.', permissions: read, answer: fileInfo },
  'GET /files/{file_id}/link': { summary: 'A public link to a file.', permissions: read, answer: fileLink },
  'GET /posts/{post_id}/files/info': { summary: 'Files of a post.', permissions: read, answer: z.array(fileInfo) },
};

export const postEndpoints: Endpoints = {
  ...writingEndpoints,
  ...readingEndpoints,
  ...reactionEndpoints,
  ...fileEndpoints,
};
