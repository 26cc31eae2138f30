import { z } from 'zod';
import { id } from '../ids.ts';
import { preference, session, status, user, userAutocomplete } from '../user.ts';
import { type Endpoints, ownAccount } from './endpoint.ts';

const users = z.array(user);

/** Accounts: signing up, looking up, changing. */
const accountEndpoints: Endpoints = {
  'POST /users': { summary: 'Makes an account; the first one is the system admin.', permissions: [], answer: user },
  'GET /users': {
    summary: 'Lists accounts.',
    permissions: [],
    query: [
      'page',
      'per_page',
      'in_team',
      'not_in_team',
      'in_channel',
      'not_in_channel',
      'without_team',
      'active',
      'inactive',
      'role',
      'sort',
    ],
    answer: users,
  },
  'POST /users/ids': { summary: 'Accounts by their ids.', permissions: [], query: ['since'], answer: users },
  'POST /users/usernames': { summary: 'Accounts by their names.', permissions: [], answer: users },
  'POST /users/search': { summary: 'Finds accounts by any of their names.', permissions: [], answer: users },
  'POST /users/group_channels': {
    summary: "Who is in the caller's group channels.",
    permissions: [],
    answer: z.record(z.string(), users),
  },
  'GET /users/autocomplete': {
    summary: 'Completes a name.',
    permissions: [],
    query: ['in_team', 'in_channel', 'name', 'limit'],
    answer: userAutocomplete,
  },
  'GET /users/known': {
    summary: 'Ids of whom the caller shares a channel with.',
    permissions: [],
    answer: z.array(id),
  },
  'GET /users/stats': {
    summary: 'How many accounts there are.',
    permissions: [],
    answer: z.object({ total_users_count: z.int() }),
  },
  'GET /users/{user_id}': { summary: 'One account.', permissions: [], answer: user },
  'GET /users/username/{username}': { summary: 'One account by its name.', permissions: [], answer: user },
  'GET /users/email/{email}': { summary: 'One account by its address.', permissions: [], answer: user },
  'PUT /users/{user_id}': { summary: 'Changes an account.', permissions: ownAccount, answer: user },
  'PUT /users/{user_id}/patch': { summary: 'Changes parts of an account.', permissions: ownAccount, answer: user },
  'PUT /users/{user_id}/password': { summary: 'Sets a new password.', permissions: ['self', 'manage_system'] },
  'PUT /users/{user_id}/active': {
    summary: 'Switches an account off or on.',
    permissions: ['self', 'sysconsole_write_user_management_users'],
  },
  'DELETE /users/{user_id}': { summary: 'Switches an account off.', permissions: ownAccount, query: ['permanent'] },
  'PUT /users/{user_id}/roles': { summary: 'Sets the roles of the system.', permissions: ['manage_roles'] },
  'GET /users/{user_id}/terms_of_service': { summary: 'Terms to accept: none.', permissions: [], answer: 'refused' },
};

const pictureEndpoints: Endpoints = {
  'GET /users/{user_id}/image': {
    summary: 'The picture of an account.',
    permissions: [],
    query: ['_'],
    answer: 'picture',
  },
  'GET /users/{user_id}/image/default': {
    summary: 'The generated picture of an account.',
    permissions: [],
    answer: 'picture',
  },
  'POST /users/{user_id}/image': { summary: 'Sets a picture.', permissions: ownAccount, takes: 'form' },
  'DELETE /users/{user_id}/image': { summary: 'Goes back to the generated picture.', permissions: ownAccount },
};

const sessionEndpoints: Endpoints = {
  'POST /users/login': { summary: 'Signs in; the token is in the header `Token`.', permissions: [], answer: user },
  'POST /users/login/type': {
    summary: 'How an account signs in: by password.',
    permissions: [],
    answer: z.object({ auth_service: z.string() }),
  },
  'POST /users/logout': { summary: 'Signs out; good without a session, too.', permissions: [] },
  'POST /users/mfa': {
    summary: 'Whether a second factor is needed: no.',
    permissions: [],
    answer: z.object({ mfa_required: z.boolean() }),
  },
  'GET /users/{user_id}/sessions': {
    summary: 'Sessions of an account.',
    permissions: ownAccount,
    answer: z.array(session),
  },
  'POST /users/{user_id}/sessions/revoke': { summary: 'Ends a session.', permissions: ownAccount },
  'POST /users/{user_id}/sessions/revoke/all': { summary: 'Ends all sessions of an account.', permissions: ownAccount },
  'PUT /users/sessions/device': { summary: 'Says on which device the session is.', permissions: [] },
  'POST /users/password/reset': { summary: 'Needs mail.', permissions: [], answer: 'refused' },
  'POST /users/password/reset/send': { summary: 'Needs mail.', permissions: [], answer: 'refused' },
  'POST /users/email/verify': { summary: 'Needs mail.', permissions: [], answer: 'refused' },
  'POST /users/email/verify/send': { summary: 'Needs mail.', permissions: [], answer: 'refused' },
};

const settingEndpoints: Endpoints = {
  'POST /users/{user_id}/typing': { summary: 'Shows that somebody types.', permissions: ['create_post'] },
  'GET /users/{user_id}/preferences': {
    summary: 'All small settings of an account.',
    permissions: ownAccount,
    answer: z.array(preference),
  },
  'PUT /users/{user_id}/preferences': { summary: 'Sets small settings.', permissions: ownAccount },
  'POST /users/{user_id}/preferences/delete': { summary: 'Removes small settings.', permissions: ownAccount },
  'GET /users/{user_id}/preferences/{category}': {
    summary: 'Small settings of a category.',
    permissions: ownAccount,
    answer: z.array(preference),
  },
  'GET /users/{user_id}/preferences/{category}/name/{name}': {
    summary: 'One small setting.',
    permissions: ownAccount,
    answer: preference,
  },
  'GET /users/{user_id}/status': { summary: 'Whether somebody is online.', permissions: [], answer: status },
  'PUT /users/{user_id}/status': { summary: 'Chooses a status.', permissions: ownAccount, answer: status },
  'POST /users/status/ids': { summary: 'Who of these is online.', permissions: [], answer: z.array(status) },
  'PUT /users/{user_id}/status/custom': { summary: 'Sets a status in words.', permissions: ownAccount },
  'DELETE /users/{user_id}/status/custom': { summary: 'Clears the status in words.', permissions: ownAccount },
  'DELETE /users/{user_id}/status/custom/recent': {
    summary: 'Forgets one of the last statuses.',
    permissions: ownAccount,
  },
  'POST /users/{user_id}/status/custom/recent/delete': {
    summary: 'Forgets one of the last statuses.',
    permissions: ownAccount,
  },
};

export const userEndpoints: Endpoints = {
  ...accountEndpoints,
  ...pictureEndpoints,
  ...sessionEndpoints,
  ...settingEndpoints,
};
