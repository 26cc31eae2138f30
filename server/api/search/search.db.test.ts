import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type FileSearchAnswer,
  fileSearchAnswer,
  type Post,
  type PostSearchAnswer,
  postSearchAnswer,
  type SearchRequest,
} from '../../../contract/index.ts';
import { type OpenTestDatabase, openTestDatabase } from '../../database/testing/index.ts';
import { createTestFiles } from '../../services/files/testing/test-files.ts';
import type { SearchRules } from '../../services/index.ts';
import { type ChatClient, chatClient, startChatApi } from '../posts/testing/chat-api.ts';
import type { TestApi } from '../testing/index.ts';

let opened: OpenTestDatabase;
let api: TestApi;
const testFiles = createTestFiles();
const people: ChatClient[] = [];
let [admin, ada, bob]: ChatClient[] = [];
let team: string;
let rules: SearchRules = { posts: true, files: true, silent: false };

interface Named {
  readonly id: string;
  readonly name: string;
}

beforeAll(async () => {
  opened = await openTestDatabase();
  api = await startChatApi(opened, { searchRules: () => rules, fileGround: testFiles });
  for (const name of ['admin', 'ada', 'bob']) people.push(chatClient(api, await api.person(name)));
  [admin, ada, bob] = people;
  team = (await by(ada).post<Named>('/teams', { name: 'seekers', display_name: 'Seekers', type: 'O' })).id;
  await by(ada).post(`/teams/${team}/members`, { team_id: team, user_id: by(bob).userId });
});
afterAll(async () => {
  await api?.stop();
  await opened?.stop();
  await testFiles.remove();
});

const by = (person: ChatClient | undefined): ChatClient => {
  if (person === undefined) throw new Error('Nobody is there.');
  return person;
};
/** The terms with the names that the people really have. */
const named = (terms: string): string =>
  terms.replace(/(from:|@)(ada|bob)/g, (_, before: string, name: string) => {
    const person = by(name === 'ada' ? ada : bob);
    return `${before}${person.person.user.username}`;
  });
const channel = (name: string, type = 'O', owner = ada): Promise<Named> =>
  by(owner).post<Named>('/channels', { team_id: team, name, display_name: name, type });
const say = async (channelId: string, message: string, who = ada): Promise<string> =>
  (await by(who).post<Post>('/posts', { channel_id: channelId, message })).id;

async function search(terms: string, more: Partial<SearchRequest> = {}, who = ada): Promise<PostSearchAnswer> {
  const answer = await by(who).post(`/teams/${team}/posts/search`, {
    terms: named(terms),
    is_or_search: false,
    ...more,
  });
  return postSearchAnswer.strict().parse(answer);
}
const order = async (terms: string, more: Partial<SearchRequest> = {}, who = ada): Promise<string[]> =>
  (await search(terms, more, who)).order;

async function upload(channelId: string, name: string, who = ada): Promise<string> {
  const query = new URLSearchParams({ channel_id: channelId, filename: name });
  const answer = await fetch(`${api.base}/api/v4/files?${query}`, {
    method: 'POST',
    headers: { ...by(who).person.headers, 'Content-Type': 'application/octet-stream' },
    body: 'some bytes',
  });
  const { file_infos: infos } = (await answer.json()) as { file_infos: { id: string }[] };
  return infos[0]?.id ?? '';
}

describe('posts', () => {
  it('are found by words and by the operators of Mattermost', async () => {
    const [here, there] = [await channel('operators'), await channel('elsewhere')];
    await by(bob).post(`/channels/${here.id}/members`, { user_id: by(bob).userId });
    const mine = await say(here.id, 'the walrus and the carpenter #Sea-Side');
    const his = await say(here.id, 'a walrus, again', bob);
    const far = await say(there.id, 'walrus far away');
    expect(await order('walrus')).toEqual([far, his, mine]);
    expect(await order('walrus from:@bob')).toEqual([his]);
    expect(await order('walrus -from:bob')).toEqual([far, mine]);
    expect(await order('walrus in:~operators')).toEqual([his, mine]);
    expect(await order('walrus -in:operators')).toEqual([far]);
    expect(await order('#sea-side')).toEqual([mine]);
    expect(await order('"walrus and the"')).toEqual([mine]);
    expect(await order('walr* -far')).toEqual([his, mine]);
    expect(await order('carpenter away', { is_or_search: true })).toEqual([far, mine]);
    expect(await order('in:operators from:ada')).toContain(mine);
    expect(await order('walrus from:nobody')).toEqual([]);
    expect(await order('walrus in:nowhere')).toEqual([]);
    expect(await order('walrus from:nobody from:bob')).toEqual([his]);
  });

  it('are found by the day of the one who asks', async () => {
    const { id } = await channel('days');
    const post = await say(id, 'narwhal');
    const { create_at: at } = await by(ada).get<Post>(`/posts/${post}`);
    // A clock at which the post was written at noon.
    const offset = 43_200 - (Math.floor(at / 1_000) % 86_400);
    const dayAt = (shift: number): string =>
      new Date(at + offset * 1_000 + shift * 86_400_000).toISOString().slice(0, 10);
    const clock = { time_zone_offset: offset };
    expect(await order(`narwhal on:${dayAt(0)}`, clock)).toEqual([post]);
    expect(await order(`narwhal on:${dayAt(1)}`, clock)).toEqual([]);
    expect(await order(`narwhal after:${dayAt(-1)} before:${dayAt(1)}`, clock)).toEqual([post]);
    expect(await order(`narwhal after:${dayAt(0)}`, clock)).toEqual([]);
    expect(await order(`narwhal before:${dayAt(0)}`, clock)).toEqual([]);
    expect(await order(`narwhal -on:${dayAt(0)}`, clock)).toEqual([]);
  });

  it('come in pages, in direct channels too, and in all teams at once', async () => {
    const direct = await by(ada).post<Named>('/channels/direct', [by(ada).userId, by(bob).userId]);
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.unshift(await say(direct.id, `manatee ${n}`));
    expect(await order('manatee', { per_page: 2 })).toEqual(ids.slice(0, 2));
    expect(await order('manatee', { page: 1, per_page: 2 })).toEqual(ids.slice(2));
    expect(await order('manatee', { page: 9, per_page: 2 })).toEqual([]);
    expect(await order('manatee in:@bob')).toEqual(ids);
    expect(await order('manatee -in:@bob')).toEqual([]);
    expect(await order('manatee in:@ada', {}, bob)).toEqual(ids);
    const everywhere = await by(bob).post<PostSearchAnswer>('/posts/search', { terms: 'manatee' });
    expect(everywhere.order).toEqual(ids);
  });

  it('of other people and of archived channels stay hidden', async () => {
    const secret = await channel('secret', 'P');
    const open = await channel('not-joined');
    const hidden = [await say(open.id, 'dugong in the open'), await say(secret.id, 'dugong')];
    expect(await order('dugong')).toEqual(hidden.toReversed());
    expect(await order('dugong', {}, bob)).toEqual([]);
    expect(await order('dugong in:secret', {}, bob)).toEqual([]);
    expect(await order(`dugong in:${secret.id}`, {}, bob)).toEqual([]);
    expect(await order('dugong', {}, admin)).toEqual([]);
    await by(ada).delete(`/channels/${secret.id}`);
    expect(await order('dugong')).toEqual([hidden[0]]);
    expect(await order('dugong', { include_deleted_channels: true })).toEqual(hidden.toReversed());
    await by(ada).delete(`/posts/${hidden[0]}`);
    expect(await order('dugong')).toEqual([]);
  });
});

describe('files', () => {
  const find = async (terms: string, who = ada): Promise<string[]> => {
    const answer = await by(who).post<FileSearchAnswer>(`/teams/${team}/files/search`, {
      terms: named(terms),
      is_or_search: false,
    });
    const { order: ids, file_infos: infos } = fileSearchAnswer.strict().parse(answer);
    expect(Object.keys(infos).sort()).toEqual(ids.toSorted());
    return ids;
  };

  it('are found by the words of their names, by kind, author and channel, once they hang on a post', async () => {
    const { id } = await channel('papers');
    await by(bob).post(`/channels/${id}/members`, { user_id: by(bob).userId });
    const report = await upload(id, 'Quarterly_Report-2024 (final).PDF');
    expect(await find('report')).toEqual([]);
    const post = await by(ada).post<Post>('/posts', { channel_id: id, message: 'see', file_ids: [report] });
    const image = await upload(id, '東京の写真.png', bob);
    await by(bob).post('/posts', { channel_id: id, message: '', file_ids: [image] });
    expect(await find('report')).toEqual([report]);
    expect(await find('quarterly 2024 -draft')).toEqual([report]);
    expect(await find('rep* ext:pdf')).toEqual([report]);
    expect(await find('ext:pdf')).toEqual([report]);
    expect(await find('-ext:pdf in:papers')).toEqual([image]);
    expect(await find('写真')).toEqual([image]);
    expect(await find('from:bob')).toEqual([image]);
    expect(await find('-report in:papers')).toEqual([image]);
    expect(await find('from:ada in:papers')).toEqual([report]);
    expect(await find('report', admin)).toEqual([]);
    const everywhere = await by(bob).post<FileSearchAnswer>('/files/search', { terms: 'report' });
    expect(everywhere.order).toEqual([report]);
    await by(ada).delete(`/posts/${post.id}`);
    expect(await find('report')).toEqual([]);
  });
});

describe('a search', () => {
  const paths = (): string[] => ['/posts/search', '/files/search'].flatMap((path) => [path, `/teams/${team}${path}`]);

  it('is refused to strangers of the team, without terms, and where it is switched off', async () => {
    const eve = chatClient(api, await api.person('eve'));
    for (const path of paths()) {
      expect(await by(ada).refused('POST', path, { terms: ' ' })).toEqual([
        400,
        'api.context.invalid_body_param.app_error',
      ]);
      expect(await by(ada).refused('POST', path, {})).toEqual([400, 'api.context.invalid_body_param.app_error']);
      if (path.startsWith('/teams')) {
        expect(await eve.refused('POST', path, { terms: 'x' })).toEqual([403, 'api.context.permissions.app_error']);
      } else expect((await eve.post<{ order: string[] }>(path, { terms: 'x' })).order).toEqual([]);
    }
    rules = { posts: false, files: false, silent: false };
    for (const path of paths()) {
      const id = path.includes('posts') ? 'store.sql_post.search.disabled' : 'store.sql_file_info.search.disabled';
      expect(await by(ada).refused('POST', path, { terms: 'x' })).toEqual([501, id]);
    }
    rules = { posts: true, files: true, silent: true };
    expect(await order('walrus')).toEqual([]);
    rules = { ...rules, silent: false };
    expect(await order('walrus')).toHaveLength(3);
  });

  it('takes whatever people type', async () => {
    const odd = [
      '"',
      '-',
      '*',
      '#',
      '@',
      'from:',
      'in: in:',
      'on:2024-13-45 before:x after:9999999-01-01',
      '"unclosed -"',
      `' OR 1=1 --`,
      '& | ! <-> ( ) :* \\',
      '+a -b ~c >d <e (f) "g" h* @10',
      '%_\\%',
      '$1 ? :a {{x}}',
      'before:1970-01-01',
      'after:0001-01-01',
      '💥'.repeat(200),
      'x'.repeat(1_024),
      'a '.repeat(512),
      '東'.repeat(500),
      '-a '.repeat(300),
      'from:a '.repeat(140),
    ];
    for (const terms of odd) {
      for (const any of [true, false]) {
        await search(terms, { is_or_search: any });
        await by(ada).post(`/teams/${team}/files/search`, { terms, is_or_search: any });
      }
    }
    for (const bad of [
      { page: -1 },
      { page: 1e9 },
      { time_zone_offset: 1e9 },
      { terms: 'x'.repeat(2_000) },
      { terms: 7 },
    ]) {
      expect((await by(ada).refused('POST', `/teams/${team}/posts/search`, { terms: 'x', ...bad }))[0]).toBe(400);
    }
  });
});
