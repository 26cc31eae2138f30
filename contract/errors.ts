import { z } from 'zod';

/** The error body of every failed request, as in Mattermost. */
export const errorBody = z.object({
  id: z.string(),
  message: z.string(),
  detailed_error: z.string(),
  request_id: z.string(),
  status_code: z.int(),
});
export type ErrorBody = z.infer<typeof errorBody>;

/** id -> HTTP status and English text. `{name}` is filled in by the thrower. Ids of Mattermost where clients match them. */
export const errorCatalogue = {
  'api.context.invalid_body_param.app_error': [400, 'Invalid or missing {name} in request body.'],
  'api.context.invalid_url_param.app_error': [400, 'Invalid or missing {name} parameter in request URL.'],
  'api.context.invalid_body.app_error': [400, 'The request body is not valid JSON: {reason}.'],
  'api.context.body_too_large.app_error': [413, 'The request body is larger than {limit} bytes.'],
  'api.context.unsupported_media_type.app_error': [415, 'The content type {type} is not supported here.'],
  'api.context.session_expired.app_error': [401, 'Invalid or expired session, please login again.'],
  'api.context.permissions.app_error': [403, 'You do not have the appropriate permissions.'],
  'api.context.404.app_error': [404, 'Sorry, we could not find the page.'],
  'api.context.method_not_allowed.app_error': [405, 'The method {method} is not supported here.'],
  'api.context.rate_limited.app_error': [429, 'Too many requests. Try again in {seconds} seconds.'],
  'api.context.internal.app_error': [500, 'An unexpected error happened. The server log has the details.'],
  'api.database.unavailable.app_error': [503, 'The database cannot be reached at the moment. Try again soon.'],
  'api.database.switching.app_error': [503, 'The server is switching databases. Try again in a moment.'],
  'api.database.read_only.app_error': [503, 'The server is in read-only mode: {reason}'],
  'api.database.outcome_unknown.app_error': [
    503,
    'The connection was lost while saving. Repeat the request with the same id: nothing is saved twice.',
  ],
  'api.database.busy.app_error': [503, 'The database is too busy at the moment. Try again soon.'],
  'api.user.login.invalid_credentials_email_username': [401, 'Enter a valid email or username and/or password.'],
  'api.user.login.blank_pwd.app_error': [400, 'Password field must not be blank.'],
  'api.user.login.inactive.app_error': [401, 'Login failed because your account has been deactivated.'],
  'api.user.login.too_many_attempts.app_error': [
    429,
    'Too many failed login attempts. Try again in {seconds} seconds.',
  ],
  'api.user.update_password.incorrect.app_error': [400, 'The current password is wrong.'],
  'api.user.last_admin.app_error': [400, 'This is the last system admin: make another one first.'],
  'api.user.create_user.setup_code.app_error': [
    403,
    'The first account needs the set-up code that is printed in the server log.',
  ],
  'api.user.create_user.disabled.app_error': [501, 'User sign-up is disabled.'],
  'app.user.save.email_exists.app_error': [400, 'An account with that email already exists.'],
  'app.user.save.username_exists.app_error': [400, 'An account with that username already exists.'],
  'app.user.missing_account.const': [404, 'Unable to find the user.'],
  'model.user.is_valid.pwd.app_error': [400, 'Your password must contain {min} to {max} characters.'],
  'app.team.save.existing.app_error': [400, 'A team with that name already exists.'],
  'app.team.get.find.app_error': [404, 'Unable to find the existing team.'],
  'api.team.invalid_invite.app_error': [400, 'The invitation is not valid.'],
  'app.team.get_member.missing.app_error': [404, 'No team member found for that user ID and team ID.'],
  'app.channel.get.existing.app_error': [404, 'Unable to find the existing channel.'],
  'app.channel.get_member.missing.app_error': [404, 'No channel member found for that user ID and channel ID.'],
  'store.sql_channel.save_channel.exists.app_error': [400, 'A channel with that name already exists on the same team.'],
  'api.channel.leave.default.app_error': [400, 'Unable to leave the default channel {name}.'],
  'api.channel.archived.app_error': [400, 'The channel has been archived.'],
  'api.channel.direct_members.app_error': [400, 'Members of a direct channel cannot be changed.'],
  'api.channel.not_in_team.app_error': [400, 'The user is not a member of the team of this channel.'],
  'api.channel.delete.default.app_error': [400, 'Unable to delete the default channel {name}.'],
  'app.post.get.app_error': [404, 'Unable to get the post.'],
  'api.post.create_post.can_not_post_to_deleted.error': [400, 'Can not post to deleted channel.'],
  'api.post.create_post.root_id.app_error': [400, 'Invalid RootId parameter.'],
  'api.post.create_post.empty.app_error': [400, 'A post needs a message or a file.'],
  'api.post.update_post.system_message.app_error': [400, 'Messages of the server cannot be edited.'],
  'model.post.is_valid.message_length.app_error': [400, 'The message is longer than {max} characters.'],
  'api.reaction.save_reaction.user_id.app_error': [403, 'You cannot save a reaction for another user.'],
  'api.preference.not_found.app_error': [404, 'Unable to find the preference.'],
  'app.role.get_by_name.app_error': [404, 'Unable to find the role.'],
  'api.web_socket_router.bad_action.app_error': [500, 'Unknown WebSocket action.'],
  'api.config.reload_config.app_error': [400, 'Reload unsuccessful: {reason}'],
  'api.config.file.app_error': [500, 'The configuration file could not be read: {reason}'],
  'api.database.recycle.app_error': [409, 'Recycling unsuccessful: {reason}'],
  'api.database.source_not_found.app_error': [404, 'There is no data source {name} in the live pools.'],
  'api.database.rotation_master.app_error': [
    400,
    '{name} is the master: it cannot leave the rotation, it has to write.',
  ],
  'api.database.rotation_last.app_error': [
    409,
    '{name} is the last replica that serves reads: without it the master serves them all. Say that you accept it.',
  ],
  'api.database.operation_not_found.app_error': [404, 'There is no such operation.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorId = keyof typeof errorCatalogue;
