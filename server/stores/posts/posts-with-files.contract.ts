import { beforeAll, expect, it } from 'vitest';
import { type Channel, type Post, type PostList, post as postSchema, postList } from '../../../contract/index.ts';
import type { Database } from '../../database/index.ts';
import { newId, presentFile } from '../../services/index.ts';
import { createFileStore, type FileStore, type StoredFile } from '../files/index.ts';
import { type ChatFixture, createChatFixture, newPost, testCausality } from '../testing/chat-fixture.ts';
import { type CreatedPost, createPostStore, type NewPost, type PostStore } from './index.ts';

// Set anew for each engine that the suite is run on.
let database: Database;
let fixture: ChatFixture;
let store: PostStore;
let files: FileStore;
let channel: Channel;
const causality = testCausality();

async function upload(creatorId: string, channelId = channel.id): Promise<StoredFile> {
  const id = newId();
  await files.begin(causality, { id, creatorId, createAt: 1_000, name: `"${id}" 🦆.txt`, extension: 'txt' });
  const rest = { channelId, mimeType: 'text/plain', size: 3, width: 0, height: 0 };
  return (await files.finish(causality, [{ id, ...rest }]))[0] as StoredFile;
}

function withFiles(uploads: readonly StoredFile[], more: Partial<NewPost> = {}): NewPost {
  const post = newPost({ userId: fixture.ada.id, channelId: channel.id, ...more });
  const shown = JSON.stringify(uploads.map((file) => presentFile(file, post.id)));
  return { ...post, fileIds: uploads.map((file) => file.id), files: shown };
}

const parse = (result: CreatedPost | undefined): Post =>
  postSchema.parse(JSON.parse(result !== undefined && 'json' in result ? result.json : 'null'));
const stored = async (id: string): Promise<Post> =>
  postSchema.parse(JSON.parse((await store.byId(causality, id))?.json ?? 'null'));
const page = async (): Promise<PostList> =>
  postList.parse(JSON.parse(await store.page(causality, channel.id, { page: 0, perPage: 60, skipThreads: false })));
const together = (posts: readonly NewPost[], servers = [store]): Promise<CreatedPost[]> =>
  Promise.all(posts.map((post, n) => (servers[n % servers.length] as PostStore).create(causality, post)));
const postOf = async (file: StoredFile): Promise<string | undefined> => (await files.byId(causality, file.id))?.postId;

/** What every engine's post store does with files. */
export function postsWithFilesContract(open: () => Database): void {
  beforeAll(async () => {
    database = open();
    fixture = await createChatFixture(database);
    store = createPostStore(database);
    files = createFileStore(database);
    channel = await fixture.channel([fixture.ada, fixture.bob]);
  });
  showsFiles();
  refusesForeignFiles();
  givesAFileOnce();
  deletesWithThePost();
  changesFiles();
  refusesChangedFiles();
}

function showsFiles(): void {
  it('shows the files of a post in its answer, its lists and its events, in the order of the author', async () => {
    const [one, two] = [await upload(fixture.ada.id), await upload(fixture.ada.id)];
    const written = parse(await store.create(causality, withFiles([two, one], { message: 'look' })));
    expect(written.file_ids).toEqual([two.id, one.id]);
    expect(written.metadata.files).toEqual([two, one].map((file) => presentFile(file, written.id)));
    expect(await stored(written.id)).toEqual(written);
    expect((await page()).posts[written.id]).toEqual(written);
    expect(presentFile((await files.byId(causality, one.id)) as StoredFile)).toEqual(written.metadata.files?.[1]);
  });

  it('attaches in batches with replies, mentions and neighbours that have none', async () => {
    const root = parse(await store.create(causality, withFiles([await upload(fixture.ada.id)])));
    const uploads = await Promise.all([1, 2, 3].map(() => upload(fixture.ada.id)));
    const posts = [
      withFiles(uploads.slice(0, 1), { rootId: root.id, mentions: [fixture.bob.id] }),
      newPost({ userId: fixture.bob.id, channelId: channel.id }),
      withFiles(uploads.slice(1)),
      newPost({ userId: fixture.ada.id, channelId: channel.id, rootId: root.id }),
    ];
    const results = (await together(posts)).map((result) => parse(result));
    expect(results.map((post) => post.metadata.files?.length)).toEqual([1, undefined, 2, undefined]);
    for (const post of results.slice(0, 3)) expect((await stored(post.id)).metadata).toEqual(post.metadata);
    expect(await Promise.all(uploads.map(postOf))).toEqual([results[0]?.id, results[2]?.id, results[2]?.id]);
  });
}

function refusesForeignFiles(): void {
  it('refuses what is not the own unattached upload in this channel, and its neighbours are saved', async () => {
    const elsewhere = await fixture.channel([fixture.ada]);
    const own = await upload(fixture.ada.id);
    const unfinished = { ...own, id: newId() };
    await files.begin(causality, { ...unfinished, extension: '' });
    const withdrawn = await upload(fixture.ada.id);
    await files.withdraw(causality, [withdrawn.id], 5);
    const bad = [
      await upload(fixture.bob.id),
      await upload(fixture.ada.id, elsewhere.id),
      unfinished,
      withdrawn,
      { ...own, id: newId() },
    ];
    for (const file of bad) {
      expect(await store.create(causality, withFiles([own, file]))).toEqual({ outcome: 'refused', reason: 'files' });
    }
    const neighbour = newPost({ userId: fixture.ada.id, channelId: channel.id });
    const results = await together([...bad.map((file) => withFiles([own, file])), neighbour]);
    expect(results.map((result) => result.outcome)).toEqual([...bad.map(() => 'refused'), 'created']);
    expect(await postOf(own)).toBe('');
    const good = withFiles([own]);
    expect((await store.create(causality, good)).outcome).toBe('created');
    expect(await postOf(own)).toBe(good.id);
  });
}

function givesAFileOnce(): void {
  it('gives a file to one post, however many ask for it on however many servers', async () => {
    const servers = [createPostStore(database), createPostStore(database), createPostStore(database)];
    for (let round = 0; round < 8; round++) {
      const wanted = [await upload(fixture.ada.id), await upload(fixture.ada.id)];
      const posts = Array.from({ length: 9 }, (_, n) => withFiles(n % 2 === 0 ? wanted : wanted.toReversed()));
      const results = await together(posts, servers);
      const winners = results.filter((result) => result.outcome === 'created');
      expect(winners).toHaveLength(1);
      const [winner] = winners as Extract<CreatedPost, { id: string }>[];
      expect(await Promise.all(wanted.map(postOf))).toEqual([winner?.id, winner?.id]);
    }
  });

  it('gives the stored post to a repeated request, its files with it', async () => {
    const uploads = [await upload(fixture.ada.id)];
    const pendingPostId = `pending ${newId()}`;
    const first = await store.create(causality, withFiles(uploads, { pendingPostId }));
    const again = await createPostStore(database).create(causality, withFiles(uploads, { pendingPostId }));
    const [amid] = await together([
      withFiles(uploads, { pendingPostId }),
      newPost({ userId: fixture.bob.id, channelId: channel.id }),
    ]);
    expect([again.outcome, amid?.outcome]).toEqual(['repeated', 'repeated']);
    expect([parse(again), parse(amid)]).toEqual([parse(first), parse(first)]);
  });
}

function deletesWithThePost(): void {
  it('deletes the files with the post and with its replies, and no others', async () => {
    const [ofRoot, ofReply, other] = await Promise.all([1, 2, 3].map(() => upload(fixture.ada.id)));
    const root = withFiles([ofRoot as StoredFile]);
    await store.create(causality, root);
    await store.create(causality, withFiles([ofReply as StoredFile], { rootId: root.id }));
    await store.create(causality, withFiles([other as StoredFile]));
    await store.delete(causality, { id: root.id, channelId: channel.id, rootId: '' });
    const found = await Promise.all([ofRoot, ofReply, other].map((file) => files.byId(causality, file?.id ?? '')));
    expect(found.map((file) => file?.id)).toEqual([undefined, undefined, other?.id]);
    const gone = await stored(root.id);
    expect([gone.file_ids, gone.metadata]).toEqual([[], {}]);
    expect(await files.abandoned(Date.now(), 100)).not.toContainEqual(expect.objectContaining({ id: ofRoot?.id }));
  });

  it('keeps the files through an edit', async () => {
    const post = withFiles([await upload(fixture.ada.id)]);
    const written = parse(await store.create(causality, post));
    const place = { id: post.id, channelId: channel.id };
    const edited = await store.patch(causality, place, { message: 'new', historyId: newId() });
    expect(postSchema.parse(JSON.parse(edited?.json ?? 'null')).metadata).toEqual(written.metadata);
  });
}

const patchFiles = (post: Post, uploads: readonly StoredFile[], more: { message?: string } = {}) => {
  const json = uploads.length === 0 ? '' : JSON.stringify(uploads.map((file) => presentFile(file, post.id)));
  const change = { ids: uploads.map((file) => file.id), json, creatorId: fixture.ada.id };
  const place = { id: post.id, channelId: channel.id };
  return store.patchFiles(causality, place, { ...more, historyId: newId(), files: change });
};
const patched = async (change: ReturnType<typeof patchFiles>): Promise<Post> => {
  const result = await change;
  return postSchema.parse(JSON.parse(typeof result === 'object' ? result.json : 'null'));
};
const exists = async (file: StoredFile): Promise<boolean> => (await files.byId(causality, file.id)) !== undefined;

function changesFiles(): void {
  it('takes files off a post and hangs others on it, with the former ones in its history', async () => {
    const [kept, left, come] = [
      await upload(fixture.ada.id),
      await upload(fixture.ada.id),
      await upload(fixture.ada.id),
    ];
    const post = parse(await store.create(causality, withFiles([kept, left], { message: 'look' })));
    const edited = await patched(patchFiles(post, [come, kept]));
    expect(edited).toMatchObject({ message: 'look', file_ids: [come.id, kept.id] });
    expect(edited.edit_at).toBeGreaterThan(post.create_at);
    expect(edited.metadata.files?.map((file) => file.id)).toEqual([come.id, kept.id]);
    expect((await page()).posts[post.id]).toEqual(edited);
    expect([await postOf(come), await exists(left)]).toEqual([post.id, false]);
    const [former] = (await store.history(causality, post.id)).map((version) => JSON.parse(version.json) as Post);
    expect([former?.file_ids, former?.metadata.files?.length]).toEqual([[kept.id, left.id], 2]);
    // What was there before comes back, bytes and all.
    const back = await patched(patchFiles(edited, [kept, left], { message: 'again' }));
    expect([back.message, back.file_ids]).toEqual(['again', [kept.id, left.id]]);
    expect([await exists(left), await exists(come)]).toEqual([true, false]);
    expect((await patched(patchFiles(back, []))).metadata).toEqual({});
    expect(await exists(kept)).toBe(false);
  });
}

function refusesChangedFiles(): void {
  it('refuses foreign files and changes nothing then', async () => {
    const own = await upload(fixture.ada.id);
    const post = parse(await store.create(causality, withFiles([own])));
    const elsewhere = await fixture.channel([fixture.ada]);
    const withdrawn = await upload(fixture.ada.id);
    await files.withdraw(causality, [withdrawn.id], 5);
    const taken = await upload(fixture.ada.id);
    await store.create(causality, withFiles([taken]));
    const bad = [
      await upload(fixture.bob.id),
      await upload(fixture.ada.id, elsewhere.id),
      withdrawn,
      taken,
      { ...own, id: newId() },
    ];
    const free = await upload(fixture.ada.id);
    for (const file of bad) expect(await patchFiles(post, [free, file], { message: 'no' })).toBe('files');
    expect([await stored(post.id), await postOf(free), await exists(own)]).toEqual([post, '', true]);
    await store.delete(causality, { id: post.id, channelId: channel.id, rootId: '' });
    expect(await patchFiles(post, [free])).toBeUndefined();
    expect(await postOf(free)).toBe('');
  });

  it('gives a file to one of a post and an edit that want it', async () => {
    for (let round = 0; round < 6; round++) {
      const wanted = await upload(fixture.ada.id);
      const post = parse(await store.create(causality, withFiles([])));
      const [created, edited] = await Promise.all([
        createPostStore(database).create(causality, withFiles([wanted])),
        patchFiles(post, [wanted]),
      ]);
      expect((created.outcome === 'created') !== (edited !== 'files')).toBe(true);
    }
  });
}
