import type { User } from '../../../contract/index.ts';

/** Asks the API as somebody, or as nobody. */
export interface Asker {
  readonly user: User;
  readonly headers: Readonly<Record<string, string>>;
}

/** What belongs to others: by the names that parameters of paths and fields of bodies have. */
export interface ForeignWorld {
  readonly values: Readonly<Record<string, string>>;
  /** Texts that nobody outside of it may get to see. */
  readonly secrets: readonly string[];
  readonly owner: Asker;
}

const PASSWORD = 'correct horse battery';
/** A picture of one black dot. */
export const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64',
);
let serial = 0;

/** Signs somebody up and in. The first one of a server is its admin. */
export async function signUp(base: string, name: string): Promise<Asker> {
  serial += 1;
  const username = `${name}-${serial}`;
  const account = { email: `${username}@example.com`, username, password: PASSWORD };
  const user = (await send(base, {}, 'POST', '/users', account)) as User;
  return { user, headers: await signIn(base, username) };
}

/** The headers of a new session. */
export async function signIn(base: string, username: string): Promise<Asker['headers']> {
  const body = JSON.stringify({ login_id: username, password: PASSWORD });
  const response = await fetch(`${base}/api/v4/users/login`, { method: 'POST', body });
  if (response.status !== 200) throw new Error(await response.text());
  return { authorization: `Bearer ${response.headers.get('token')}` };
}

export async function send(
  base: string,
  headers: Asker['headers'],
  method: string,
  ...[path, body]: [path: string, body?: unknown]
): Promise<unknown> {
  const init = body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) };
  const type = body instanceof Uint8Array ? { 'content-type': 'application/octet-stream' } : {};
  const response = await fetch(`${base}/api/v4${path}`, { method, headers: { ...type, ...headers }, ...init });
  const text = await response.text();
  if (response.status >= 300) throw new Error(`${method} ${path}: ${text}`);
  return JSON.parse(text);
}

/**
 * A private team with a private channel, in which its owner has written, and what the owner keeps for themselves. An owner
 * who cannot sign in any more gets a successor.
 */
export async function makeForeignWorld(base: string, admin: Asker, former?: Asker): Promise<ForeignWorld> {
  const owner = former !== undefined && (await isSignedIn(base, former)) ? former : await signUp(base, 'owner');
  const ask: Ask = (method, path, body) => send(base, owner.headers, method, path, body) as Promise<Made>;
  const word = (of: string) => `hidden-${of}-${(serial += 1)}`;
  const names = { team: word('team'), channel: word('channel'), note: word('note') };
  const team = await ask('POST', '/teams', { name: names.team, display_name: names.team, type: 'I' });
  const place = { team_id: team.id, name: names.channel, display_name: names.channel, type: 'P', header: names.note };
  const channel = await ask('POST', '/channels', place);
  const talk = await say(ask, channel.id, { text: word('message'), file: `${word('file')}.txt`, bytes: word('bytes') });
  const own = await keep(ask, { note: names.note, teamId: team.id, channelId: channel.id });
  const programs = await makePrograms(base, admin, owner);
  const role = await ask('GET', '/roles/name/team_post_all');
  return {
    owner,
    secrets: [...Object.values(names), ...talk.secrets, programs.secret, String(team['invite_id'])],
    values: {
      ...{ user_id: owner.user.id, username: owner.user.username, email: owner.user.email, login_id: owner.user.email },
      ...{ team_id: team.id, team_name: names.team, channel_id: channel.id, channel_name: names.channel },
      ...{ in_team: team.id, in_channel: channel.id, filename: 'x.txt', role_id: role.id, role_name: 'team_post_all' },
      ...talk.values,
      ...programs.values,
      ...own,
    },
  };
}

async function isSignedIn(base: string, { headers }: Asker): Promise<boolean> {
  return (await fetch(`${base}/api/v4/users/me`, { headers })).status === 200;
}

type Made = Record<string, string> & { id: string };
type Ask = (method: string, path: string, body?: unknown) => Promise<Made>;

/** A post with a file, a reply and a reaction, and an upload that has not ended. */
async function say(ask: Ask, channelId: string, said: { text: string; file: string; bytes: string }) {
  const where = new URLSearchParams({ channel_id: channelId, filename: said.file });
  const uploaded = (await ask('POST', `/files?${where}`, Buffer.from(said.bytes))) as unknown as { file_infos: Made[] };
  const fileId = uploaded.file_infos[0]?.id ?? '';
  const post = await ask('POST', '/posts', { channel_id: channelId, message: said.text, file_ids: [fileId] });
  await ask('POST', '/posts', { channel_id: channelId, message: said.text, root_id: post.id });
  await ask('POST', '/reactions', { user_id: post['user_id'], post_id: post.id, emoji_name: 'eyes' });
  const upload = await ask('POST', '/uploads', { channel_id: channelId, filename: said.file, file_size: 5 });
  await ask('PUT', `/posts/${post.id}/patch`, { message: `${said.text}!` });
  const [version] = (await ask('GET', `/posts/${post.id}/edit_history`)) as unknown as Made[];
  const values = {
    ...{ post_id: post.id, version_id: version?.id ?? '', thread_id: post.id, emoji_name: 'eyes' },
    ...{ file_id: fileId, upload_id: upload.id },
  };
  return { values, secrets: Object.values(said) };
}

/** What somebody keeps for themselves: a category of the sidebar, a preference, a session. */
async function keep(ask: Ask, { note, teamId, channelId }: { note: string; teamId: string; channelId: string }) {
  const me = await ask('GET', '/users/me');
  const category = await ask('POST', `/users/me/teams/${teamId}/channels/categories`, {
    ...{ user_id: me.id, team_id: teamId, display_name: note, channel_ids: [channelId] },
  });
  await ask('PUT', '/users/me/preferences', [{ user_id: me.id, category: 'hidden', name: 'word', value: note }]);
  const [session] = (await ask('GET', '/users/me/sessions')) as unknown as Made[];
  return { category_id: category.id, preference_name: 'word', session_id: session?.id ?? '' };
}

/** A bot of the admin's, and an access token and an emoji of the owner's. */
async function makePrograms(base: string, admin: Asker, owner: Asker) {
  const ask: Ask = (method, path, body) => send(base, admin.headers, method, path, body) as Promise<Made>;
  serial += 1;
  const bot = await ask('POST', '/bots', { username: `bot-${serial}` });
  const token = await ask('POST', `/users/${owner.user.id}/tokens`, { description: 'for a program' });
  const form = new FormData();
  form.set('emoji', JSON.stringify({ name: `emoji-${serial}`, creator_id: owner.user.id }));
  form.set('image', new File([dot], 'dot.png', { type: 'image/png' }));
  const response = await fetch(`${base}/api/v4/emoji`, { method: 'POST', headers: owner.headers, body: form });
  const emoji = (await response.json()) as Made;
  const values = { bot_user_id: String(bot['user_id']), token_id: token.id, emoji_id: emoji.id };
  return { values, secret: String(token['token']) };
}
