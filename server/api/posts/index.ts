import {
  createPostRequest,
  ephemeralPostRequest,
  patchPostRequest,
  postIdsRequest,
  storedPostsRequest,
  updatePostRequest,
} from '../../../contract/index.ts';
import type { Caller, Chat, ListQuery } from '../../services/index.ts';
import {
  flagOf,
  idOf,
  integerOf,
  invalidBodyParam,
  invalidUrlParam,
  pageOf,
  RawJson,
  type RouteSpec,
  route,
  Tagged,
} from '../http/index.ts';

type Services = Pick<Chat, 'posts' | 'postFinder' | 'ephemeralPosts' | 'reading'>;

const text = async (json: Promise<string>): Promise<RawJson> => new RawJson(await json);

/** Posts: writing, changing, reading, lists and threads. */
export function createPostsRoutes(services: Services): RouteSpec[] {
  return [...changeRoutes(services), ...readRoutes(services), ...findRoutes(services), ...unreadRoutes(services)];
}

function changeRoutes({ posts, ephemeralPosts }: Services): RouteSpec[] {
  return [
    route(
      { method: 'post', path: '/posts', access: 'session', body: createPostRequest, status: 201 },
      ({ caller, body, query }) => text(posts.create(caller, body, query.get('set_online') !== 'false')),
    ),
    route(
      { method: 'put', path: '/posts/:post_id', access: 'session', body: updatePostRequest },
      ({ caller, params, body: { id, ...change } }) => {
        if (id !== params.post_id) throw invalidBodyParam('id');
        return text(posts.patch(caller, id, change));
      },
    ),
    route(
      { method: 'put', path: '/posts/:post_id/patch', access: 'session', body: patchPostRequest },
      ({ caller, params, body }) => text(posts.patch(caller, params.post_id, body)),
    ),
    route(
      { method: 'post', path: '/posts/ephemeral', access: 'session', body: ephemeralPostRequest, status: 201 },
      ({ caller, body }) => ephemeralPosts.send(caller, body),
    ),
    route({ method: 'post', path: '/posts/:post_id/restore/:version_id', access: 'session' }, ({ caller, params }) =>
      text(posts.restore(caller, params.post_id, params.version_id)),
    ),
    route({ method: 'delete', path: '/posts/:post_id', access: 'session' }, ({ caller, params }) =>
      posts.delete(caller, params.post_id),
    ),
    route({ method: 'post', path: '/posts/:post_id/pin', access: 'session' }, ({ caller, params }) =>
      posts.setPinned(caller, params.post_id, true),
    ),
    route({ method: 'post', path: '/posts/:post_id/unpin', access: 'session' }, ({ caller, params }) =>
      posts.setPinned(caller, params.post_id, false),
    ),
  ];
}

function readRoutes({ posts }: Services): RouteSpec[] {
  return [
    route({ method: 'get', path: '/posts/:post_id', access: 'session' }, ({ caller, params, query }) =>
      text(posts.get(caller, params.post_id, flagOf(query, 'include_deleted'))),
    ),
    route({ method: 'post', path: '/posts/stored', access: 'session', body: storedPostsRequest }, ({ caller, body }) =>
      posts.stored(caller, body.pending_post_ids).then((stored) => ({ pending_post_ids: stored })),
    ),
    route({ method: 'post', path: '/posts/ids', access: 'session', body: postIdsRequest }, ({ caller, body }) =>
      text(posts.byIds(caller, body)),
    ),
    route({ method: 'get', path: '/posts/:post_id/edit_history', access: 'session' }, ({ caller, params }) =>
      text(posts.history(caller, params.post_id)),
    ),
    route({ method: 'get', path: '/posts/:post_id/thread', access: 'session' }, ({ caller, params, query }) =>
      text(posts.thread(caller, params.post_id, threadPartOf(query, caller.userId))),
    ),
    route({ method: 'get', path: '/channels/:channel_id/posts', access: 'session' }, (input) => {
      const { caller, params, query, headers } = input;
      const { page, perPage } = pageOf(query);
      const list = {
        page,
        perPage,
        ...threadsShownIn(query, caller.userId),
        since: integerOf(query, 'since') || undefined,
        after: idOf(query, 'after'),
        before: idOf(query, 'before'),
      };
      return list.since === undefined && list.collapsedFor === undefined
        ? taggedPage(posts, { caller, channelId: params.channel_id, known: headers['if-none-match'] }, list)
        : text(posts.list(caller, params.channel_id, list));
    }),
    route({ method: 'get', path: '/channels/:channel_id/pinned', access: 'session' }, ({ caller, params }) =>
      text(posts.pinned(caller, params.channel_id)),
    ),
  ];
}

function findRoutes({ postFinder }: Services): RouteSpec[] {
  return [
    route({ method: 'get', path: '/posts/:post_id/info', access: 'session' }, ({ caller, params }) =>
      postFinder.info(caller, params.post_id),
    ),
    route({ method: 'get', path: '/users/:user_id/posts/flagged', access: 'session' }, ({ caller, params, query }) => {
      const { page, perPage } = pageOf(query);
      const filter = {
        teamId: idOf(query, 'team_id') ?? '',
        channelId: idOf(query, 'channel_id') ?? '',
        page,
        perPage,
      };
      return text(postFinder.flagged(caller, params.user_id, filter));
    }),
  ];
}

function unreadRoutes({ posts, reading }: Services): RouteSpec[] {
  return [
    route(
      { method: 'get', path: '/users/:user_id/channels/:channel_id/posts/unread', access: 'session' },
      ({ caller, params, query }) => {
        const { perPage: before } = pageOf(query, 'limit_before');
        const { perPage: after } = pageOf(query, 'limit_after');
        if (after === 0) throw invalidUrlParam('limit_after');
        const place = { channelId: params.channel_id, userId: params.user_id };
        return text(posts.aroundUnread(caller, place, { before, after, ...threadsShownIn(query, caller.userId) }));
      },
    ),
    route(
      { method: 'post', path: '/users/:user_id/posts/:post_id/set_unread', access: 'session' },
      ({ caller, params }) => reading.setUnread(caller, params.user_id, params.post_id),
    ),
  ];
}

interface AskedPage {
  readonly caller: Caller;
  readonly channelId: string;
  /** The tag of what the client has. */
  readonly known: string | undefined;
}

/** A page with a tag of the state of its channel; whoever has a page already is answered by that state alone. */
async function taggedPage(
  posts: Chat['posts'],
  { caller, channelId, known }: AskedPage,
  list: ListQuery,
): Promise<RawJson | Tagged> {
  const place = `${list.page}.${list.perPage}.${list.skipThreads}.${list.after ?? ''}.${list.before ?? ''}`;
  const tagOf = (state: string): string => `${state}.${place}`;
  const load = async (): Promise<RawJson | Tagged> => {
    let state = '';
    const onState = (found: string): void => void (state = found);
    const page = new RawJson(await posts.list(caller, channelId, { ...list, onState }));
    return state === '' ? page : new Tagged(tagOf(state), async () => page);
  };
  return known ? new Tagged(tagOf(await posts.channelState(caller, channelId)), load) : load();
}

/** Clients that show threads apart from their channels say `collapsedThreads`: they want no replies there. */
function threadsShownIn(query: URLSearchParams, userId: string) {
  return { skipThreads: flagOf(query, 'skipFetchThreads'), collapsedFor: collapsedFor(query, userId) };
}

function collapsedFor(query: URLSearchParams, userId: string): string | undefined {
  return flagOf(query, 'collapsedThreads') ? userId : undefined;
}

/** Without `perPage` the whole thread is meant. */
function threadPartOf(query: URLSearchParams, userId: string) {
  const { perPage } = pageOf(query, 'perPage');
  const collapsed = { collapsedFor: collapsedFor(query, userId) };
  if (!query.get('perPage') || perPage === 0) return collapsed;
  const direction = query.get('direction') || 'down';
  if (direction !== 'up' && direction !== 'down') throw invalidUrlParam('direction');
  return {
    ...collapsed,
    direction,
    perPage,
    fromPost: idOf(query, 'fromPost') ?? '',
    fromCreateAt: integerOf(query, 'fromCreateAt') ?? 0,
  } as const;
}
