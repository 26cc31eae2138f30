import { createReactionRequest, emojiName, postIdsRequest } from '../../../contract/index.ts';
import type { Chat } from '../../services/index.ts';
import { invalidUrlParam, type RouteSpec, route } from '../http/index.ts';

export function createReactionsRoutes({ reactions }: Pick<Chat, 'reactions'>): RouteSpec[] {
  return [
    route({ method: 'post', path: '/reactions', access: 'session', body: createReactionRequest }, ({ caller, body }) =>
      reactions.add(caller, { postId: body.post_id, userId: body.user_id, emojiName: body.emoji_name }),
    ),
    route({ method: 'get', path: '/posts/:post_id/reactions', access: 'session' }, ({ caller, params }) =>
      reactions.ofPost(caller, params.post_id),
    ),
    route(
      { method: 'post', path: '/posts/ids/reactions', access: 'session', body: postIdsRequest },
      ({ caller, body }) => reactions.ofPosts(caller, body),
    ),
    route(
      { method: 'delete', path: '/users/:user_id/posts/:post_id/reactions/:emoji_name', access: 'session' },
      ({ caller, params }) => {
        const name = emojiName.safeParse(params.emoji_name);
        if (!name.success) throw invalidUrlParam('emoji_name');
        return reactions.remove(caller, { postId: params.post_id, userId: params.user_id, emojiName: name.data });
      },
    ),
  ];
}
