import { z } from 'zod';

/**
 * What an endpoint of `/api/v4` says of itself: the part of it that clients see and that no code of the server runs. The
 * server's route adds method, path, access, body and status; both together are the OpenAPI document.
 */
export interface Endpoint {
  /** One line for whoever looks for it. */
  readonly summary: string;
  /**
   * What is asked of the caller, one of these: names of permissions as in Mattermost, or `self` for the caller's own
   * account. A star at the end stands for all that begin so. Empty: a session is enough, or not even that. A route of `admin` access is asked for exactly these, by the
   * server's door.
   */
  readonly permissions: readonly string[];
  /** Names of the query parameters that are read; any other is passed over. */
  readonly query?: readonly QueryName[];
  /** The body of a success; default `{"status":"OK"}`. `refused`: there is none, the feature is not here. */
  readonly answer?: z.ZodType | 'bytes' | 'picture' | 'refused';
  /** What the request carries instead of JSON. */
  readonly takes?: 'form' | 'bytes';
}

/** `GET /users/{user_id}` -> the endpoint. */
export type Endpoints = Readonly<Record<string, Endpoint>>;

/** Every query parameter of the API with its meaning; one name means the same everywhere. */
export const queryParameters = {
  page: 'Which page, from 0.',
  per_page: 'Entries of a page; default 60, at most 200.',
  since: 'Only what has changed since, in milliseconds since 1970.',
  before: 'Only what is older than the post with this id.',
  after: 'Only what is newer than the post, or the entry, with this id.',
  pageSize: 'What `per_page` was called before.',
  extended: 'Whether the participants are shown in full, and not only by their ids.',
  deleted: 'Whether deleted ones belong to the answer.',
  unread: 'Only what has something unread.',
  totalsOnly: 'Only how many there are.',
  threadsOnly: 'Without counting them.',
  perPage: 'Posts of the answer; all of them without it.',
  fromPost: 'Id of the post from which to go on.',
  fromCreateAt: 'Time of the post from which to go on, in milliseconds since 1970.',
  direction: 'To which side to go on: `up` to older posts, `down` to newer ones.',
  collapsedThreads: 'Whether replies are left out, as the client shows threads apart.',
  collapsedThreadsExtended:
    'Read for the sake of clients that send it: participants of threads always come as their ids.',
  skipFetchThreads: 'Whether the threads of the posts are left out.',
  limit_before: 'How many posts before the first unread one; default 60, at most 200.',
  limit_after: 'How many posts from the first unread one on; at least 1.',
  include_deleted: 'Whether what was archived or deleted belongs to the answer.',
  only_orphaned: 'Only bots whose owners were switched off.',
  include_total_count: 'Whether the answer is an object with the total number.',
  last_delete_at: 'Only what was archived since, in milliseconds since 1970.',
  exclude_files_count: 'Whether files are not counted.',
  exclude_deleted_users: 'Whether accounts that were switched off are left out.',
  system_console: 'Whether the question comes from the System Console.',
  exclude_team: 'Id of a team that is left out.',
  exclude_default_channels: 'Whether Town Square and Off-Topic are left out.',
  include_collapsed_threads: 'Whether threads are counted too.',
  permanent: 'Asks for erasing, which is refused: nothing is ever erased.',
  in_team: 'Only members of this team.',
  not_in_team: 'Only who is not in this team.',
  in_channel: 'Only members of this channel.',
  not_in_channel: 'Only members of the team who are not in this channel.',
  without_team: 'Only who is in no team.',
  active: 'Only accounts that are in use.',
  inactive: 'Only accounts that were switched off.',
  role: 'Only who has this role of the system.',
  scope: 'Only those for teams or for channels.',
  sort: 'The order of the answer.',
  name: 'What the name begins with.',
  limit: 'How many entries at most.',
  set_online: '`false`: writing does not make the author show as online.',
  download: '`1`: saved by the browser instead of shown.',
  h: 'The proof that the link was made by this server.',
  graceful: 'Whether each entry has its own error.',
  token: 'From an invitation by mail.',
  invite_id: 'From an invitation by link.',
  format: 'Read for the sake of old clients, which send `old`.',
  get_server_status: 'Whether databases and files are looked at as well.',
  use_rest_semantics: 'Whether a server in trouble still answers 200.',
  device_id: 'Id of a mobile device.',
  dry_run: 'Whether everything is only checked and nothing done.',
  source: 'Name of the database, e.g. `replica-1`.',
  range: 'How far back: 15m, 1h or 24h.',
  to: 'The version to compare with.',
  subsection_permissions: 'Permissions of the System Console, with commas between them.',
  url: 'The address in question.',
  team_id: 'Only what is in this team, or in a direct channel.',
  channel_id: 'Id of the channel that it belongs to.',
  filename: 'Name of the file.',
  client_ids: 'Ids of the client for the files, which come back in the answer.',
  remove_masked: 'Whether settings that hold secrets are left out.',
  remove_defaults: 'Whether settings that have their default are left out.',
  logs_per_page: 'Lines of a page; default and at most 10,000.',
  roles: 'Only who has one of these roles of the system, separated by commas.',
  team_roles: 'Only who has one of these roles of the team, separated by commas.',
  channel_roles: 'Only who has one of these roles of the channel, separated by commas.',
  sort_column: 'Username, Email, CreateAt, FirstName, LastName or Nickname.',
  sort_direction: '`asc` or `desc`.',
  page_size: 'Rows of the answer; default 50, at most 100.',
  from_id: 'Id of the row from which to go on.',
  from_column_value: 'What that row has in the column by which is sorted.',
  role_filter: 'Only who has this role of the system.',
  team_filter: 'Only members of this team.',
  has_no_team: 'Only who is in no team.',
  hide_active: 'Whether accounts in use are left out.',
  hide_inactive: 'Whether accounts that were switched off are left out.',
  search_term: 'Beginnings of names.',
  seconds: 'For how long; default 3600, at most 86400.',
  job_type: 'Only jobs of this type.',
  _: 'Makes another address of each version of the picture, so that it may be kept.',
} as const;
export type QueryName = keyof typeof queryParameters;

/** Asked where something belongs to an account: its own user, or whoever may edit others. */
export const ownAccount: readonly string[] = ['self', 'edit_other_users'];
/** Asked where only a system admin will do. */
export const systemAdmin: readonly string[] = ['manage_system'];
/** The answer of a feature that is not here: a list with nothing in it. */
export const nothing = z.array(z.never());
