import type { JobTypeBase } from '@mattermost/types/jobs';
import { type Ground, type Person, unique, write } from './ground.ts';
import type { ListedRoute } from './listed-routes.ts';
import { picture } from './picture.ts';
import { rawCall } from './raw-http.ts';

/** What stands for the parameters of the paths, by their names; and by a whole route where a name alone says too little. */
export interface Fixture {
  readonly byName: Readonly<Record<string, string>>;
  readonly byRoute: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What a route is asked with. */
  readonly query: Readonly<Record<string, string>>;
}

/** A server with something of everything in it, made by `who`. */
export async function makeFixture(ground: Ground, who: Person, other: Person): Promise<Fixture> {
  const { client } = who;
  const { team, channel } = await ground.room(who, other);
  const { file, root, link } = await makePosts(who, other, channel.id);
  await client.createDirectChannel([who.id, other.id]);
  await client.savePreferences('me', [{ user_id: who.id, category: 'ships', name: 'sail', value: 'white' }]);
  await client.uploadProfileImage(who.id, picture('me.png'));
  const { order } = await client.getChannelCategories('me', team.id);
  const operations = await makeOperations(ground.admin);
  const byName = {
    user_id: who.id,
    username: who.user.username,
    email: who.user.email,
    team_id: team.id,
    team_name: team.name,
    invite_id: (await ground.admin.client.getTeam(team.id)).invite_id,
    channel_id: channel.id,
    post_id: root,
    thread_id: root,
    file_id: file,
    upload_id: await announce(who, channel.id),
    category: order[0] ?? '',
    role_name: 'system_user',
    timestamp: '1',
    sha: operations.sha,
    operation_id: operations.id,
    ...(await makePrograms(ground.admin, team.id)),
    ...(await makeAdministration(ground.admin)),
  };
  const byRoute = {
    '/users/{user_id}/preferences/{category}': { category: 'ships' },
    '/users/{user_id}/preferences/{category}/name/{name}': { category: 'ships', name: 'sail' },
    '/teams/name/{name}': { name: team.name },
    '/teams/name/{name}/exists': { name: team.name },
    '/teams/{team_id}/channels/name/{name}': { name: channel.name },
    '/teams/name/{team_name}/channels/name/{name}': { name: channel.name },
  };
  const query = {
    '/files/{file_id}/public': new URL(link).search,
    '/users/{user_id}/channels/{channel_id}/posts/unread': '?limit_after=5',
    '/emoji/autocomplete': '?name=ship',
    '/database/errors': `?source=${operations.source}`,
  };
  return { byName, byRoute, query };
}

/** A thread with a file, a mention, an edit, a reaction and a pin, and something unread behind it. */
async function makePosts(who: Person, other: Person, channelId: string) {
  const { client } = who;
  const file = await upload(who, channelId, 'duck.png');
  const message = `#ships @${other.user.username}`;
  const { id: root } = await client.createPost({ channel_id: channelId, message, file_ids: [file] });
  await write(other, channelId, `reply @${who.user.username}`, root);
  await client.patchPost({ id: root, message: `${message} ahoy` });
  await client.addReaction(who.id, root, 'duck');
  await client.pinPost(root);
  await write(other, channelId, 'unread');
  const { link } = await client.getFilePublicLink(file);
  return { file, root, link };
}

/** A bot, a token and an emoji, and the picture of a team. */
async function makePrograms({ id, client }: Person, teamId: string): Promise<Record<string, string>> {
  await client.setTeamIcon(teamId, picture('team.png'));
  const bot = await client.createBot({ username: unique('bot') });
  const token = await client.createUserAccessToken(id, 'for scripts');
  const name = unique('ship').replace('-', '_');
  const emoji = await client.createCustomEmoji({ name, creator_id: id }, picture('ship.png'));
  return { bot_user_id: bot.user_id, token_id: token.id, emoji_id: emoji.id, emoji_name: name };
}

/** A job, and a role that is there from the beginning. */
async function makeAdministration({ client }: Person): Promise<Record<string, string>> {
  const role = await client.getRoleByName('system_user');
  const job = await client.createJob({ type: 'integrity' } as unknown as JobTypeBase);
  return { role_id: role.id, job_id: job.id, job_type: job.type };
}

/** A recycle, to be looked up. */
async function makeOperations({ client }: Person) {
  await client.recycleDatabase();
  const get = async (path: string) => (await rawCall(client, 'GET', path)).json;
  const [operation] = (await get('/database/operations')) as { id: string }[];
  const [source] = ((await get('/database/status')) as { sources: { name: string }[] }).sources;
  const [sha] = ((await get('/config/status')) as { kept_versions: string[] }).kept_versions;
  return { id: operation?.id ?? '', source: source?.name ?? '', sha: sha ?? '' };
}

/** A file that is to come in pieces. */
async function announce({ client }: Person, channelId: string): Promise<string> {
  const body = JSON.stringify({ channel_id: channelId, filename: 'big.bin', file_size: 100 });
  return ((await rawCall(client, 'POST', '/uploads', { body })).json as { id: string }).id;
}

/** The address of a route; fails with what to do where the fixture has nothing for a parameter. */
export function addressOf(
  { path, refused }: ListedRoute,
  fixture: Fixture,
  change: Readonly<Record<string, string>> = {},
): string {
  const values = { ...fixture.byName, ...fixture.byRoute[path], ...change };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? (refused ? 'z'.repeat(26) : undefined);
    if (value === undefined)
      throw new Error(`${path}: put something for {${name}} into makeFixture of every-route.ts.`);
    return encodeURIComponent(value);
  });
  return filled + (fixture.query[path] ?? '');
}

async function upload(who: Person, channelId: string, name: string): Promise<string> {
  const form = new FormData();
  form.append('channel_id', channelId);
  form.append('files', picture(name));
  const { file_infos: files } = await who.client.uploadFile(form);
  return files[0]?.id ?? '';
}
