import { z } from 'zod';
import { draft } from '../draft.ts';
import type { Endpoints } from './endpoint.ts';

const path = '/users/{user_id}/channels/{channel_id}/drafts';

/** What people have begun to write. */
export const draftEndpoints: Endpoints = {
  'POST /drafts': {
    summary: 'Keeps what the caller has begun to write; an empty one is removed.',
    permissions: ['create_post', 'create_post_public'],
    answer: draft,
  },
  'GET /users/{user_id}/teams/{team_id}/drafts': {
    summary: 'Drafts in a team and in direct channels, newest first.',
    permissions: ['self'],
    answer: z.array(draft),
  },
  [`DELETE ${path}`]: { summary: 'Removes a draft in a channel.', permissions: ['self'] },
  [`DELETE ${path}/{root_id}`]: { summary: 'Removes a draft in a thread.', permissions: ['self'] },
};
