import { userThread, userThreads } from '../thread.ts';
import type { Endpoints } from './endpoint.ts';

const self = ['self', 'edit_other_users'];
const path = '/users/{user_id}/teams/{team_id}/threads';

/** The threads that a user follows. */
export const threadEndpoints: Endpoints = {
  [`GET ${path}`]: {
    summary: 'Threads that a user follows in a team and in direct channels, by their last replies.',
    permissions: self,
    query: [
      'since',
      'before',
      'after',
      'per_page',
      'pageSize',
      'extended',
      'deleted',
      'unread',
      'totalsOnly',
      'threadsOnly',
    ],
    answer: userThreads,
  },
  [`PUT ${path}/read`]: { summary: 'Marks all of them as read.', permissions: self },
  [`GET ${path}/{thread_id}`]: {
    summary: 'One thread.',
    permissions: self,
    query: ['extended'],
    answer: userThread,
  },
  [`PUT ${path}/{thread_id}/following`]: { summary: 'Follows a thread.', permissions: self },
  [`DELETE ${path}/{thread_id}/following`]: { summary: 'Follows a thread no longer.', permissions: self },
  [`PUT ${path}/{thread_id}/read/{timestamp}`]: {
    summary: 'Marks a thread as read up to a time, in milliseconds since 1970.',
    permissions: self,
    answer: userThread,
  },
  [`POST ${path}/{thread_id}/set_unread/{post_id}`]: {
    summary: 'Makes a post of the thread and all after it unread again.',
    permissions: self,
    answer: userThread,
  },
};
