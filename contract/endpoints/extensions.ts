import { z } from 'zod';
import { accessToken } from '../access-token.ts';
import { bot } from '../bot.ts';
import { emoji } from '../emoji.ts';
import type { Endpoints } from './endpoint.ts';

const tokens = z.array(accessToken);
const manage = ['manage_bots', 'manage_others_bots'];
const read = ['read_bots', 'read_others_bots'];

const botEndpoints: Endpoints = {
  'POST /bots': { summary: 'Makes a bot.', permissions: ['create_bot'], answer: bot },
  'GET /bots': {
    summary: "Lists bots: everybody's, or the caller's own.",
    permissions: read,
    query: ['page', 'per_page', 'include_deleted', 'only_orphaned'],
    answer: z.array(bot),
  },
  'GET /bots/{bot_user_id}': { summary: 'One bot.', permissions: read, query: ['include_deleted'], answer: bot },
  'PUT /bots/{bot_user_id}': { summary: 'Changes parts of a bot.', permissions: manage, answer: bot },
  'POST /bots/{bot_user_id}/enable': { summary: 'Enables a bot.', permissions: manage, answer: bot },
  'POST /bots/{bot_user_id}/disable': { summary: 'Disables a bot.', permissions: manage, answer: bot },
  'POST /bots/{bot_user_id}/assign/{user_id}': {
    summary: 'Gives a bot to another owner.',
    permissions: manage,
    answer: bot,
  },
  'POST /users/{user_id}/convert_to_bot': {
    summary: 'Makes an account a bot: its sessions end and its password is forgotten.',
    permissions: ['manage_system'],
    answer: bot,
  },
};

const accessTokenEndpoints: Endpoints = {
  'POST /users/{user_id}/tokens': {
    summary: 'Makes an access token; only this answer shows it.',
    permissions: ['create_user_access_token'],
    answer: accessToken,
  },
  'GET /users/{user_id}/tokens': {
    summary: 'Access tokens of an account.',
    permissions: ['read_user_access_token'],
    query: ['page', 'per_page'],
    answer: tokens,
  },
  'GET /users/tokens': {
    summary: 'Access tokens of all accounts.',
    permissions: ['manage_system'],
    query: ['page', 'per_page'],
    answer: tokens,
  },
  'GET /users/tokens/{token_id}': {
    summary: 'One access token.',
    permissions: ['read_user_access_token'],
    answer: accessToken,
  },
  'POST /users/tokens/search': {
    summary: 'Finds access tokens by their id or their account.',
    permissions: ['manage_system'],
    answer: tokens,
  },
  'POST /users/tokens/enable': { summary: 'Enables an access token.', permissions: ['create_user_access_token'] },
  'POST /users/tokens/disable': {
    summary: 'Disables an access token: who uses it is out at once.',
    permissions: ['revoke_user_access_token'],
  },
  'POST /users/tokens/revoke': { summary: 'Removes an access token.', permissions: ['revoke_user_access_token'] },
};

const emojiEndpoints: Endpoints = {
  'POST /emoji': {
    summary: 'Makes an emoji: a form with the field `emoji`, JSON with its name, and the file `image`.',
    permissions: ['create_emojis'],
    takes: 'form',
    answer: emoji,
  },
  'GET /emoji': {
    summary: 'Lists emoji, the newest first; with `sort=name` by name.',
    permissions: [],
    query: ['page', 'per_page', 'sort'],
    answer: z.array(emoji),
  },
  'GET /emoji/{emoji_id}': { summary: 'One emoji.', permissions: [], answer: emoji },
  'GET /emoji/name/{emoji_name}': { summary: 'One emoji by its name.', permissions: [], answer: emoji },
  'POST /emoji/names': { summary: 'Emoji by their names.', permissions: [], answer: z.array(emoji) },
  'POST /emoji/search': { summary: 'Finds emoji by parts of their names.', permissions: [], answer: z.array(emoji) },
  'GET /emoji/autocomplete': {
    summary: 'Completes the name of an emoji.',
    permissions: [],
    query: ['name'],
    answer: z.array(emoji),
  },
  'GET /emoji/{emoji_id}/image': { summary: 'The picture of an emoji.', permissions: [], answer: 'bytes' },
  'DELETE /emoji/{emoji_id}': { summary: 'Deletes an emoji.', permissions: ['delete_emojis', 'delete_others_emojis'] },
};

/** What people add to the chat. */
export const extensionEndpoints: Endpoints = { ...botEndpoints, ...accessTokenEndpoints, ...emojiEndpoints };
