import { userThread, userThreads } from '../thread.ts';
import { type Endpoints, ownAccount } from './endpoint.ts';

const path = '/users/{user_id}/teams/{team_id}/threads';

/** The threads that a user follows. */
export const threadEndpoints: Endpoints = {
  [`GET ${path}`]: {
    summary: 'Threads that a user follows in a team and in direct channels, by their last replies.',
    permissions: ownAccount,
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
  [`PUT ${path}/read`]: { summary: 'Marks all of them as read.', permissions: ownAccount },
  [`GET ${path}/{thread_id}`]: {
    summary: 'One thread.',
    permissions: ownAccount,
    query: ['extended'],
    answer: userThread,
  },
  [`PUT ${path}/{thread_id}/following`]: { summary: 'Follows a thread.', permissions: ownAccount },
  [`DELETE ${path}/{thread_id}/following`]: { summary: 'Follows a thread no longer.', permissions: ownAccount },
  [`PUT ${path}/{thread_id}/read/{timestamp}`]: {
    summary: 'Marks a thread as read up to a time, in milliseconds since 1970.',
    permissions: ownAccount,
    answer: userThread,
  },
  [`POST ${path}/{thread_id}/set_unread/{post_id}`]: {
    summary: 'Makes a post of the thread and all after it unread again.',
    permissions: ownAccount,
    answer: userThread,
  },
};
