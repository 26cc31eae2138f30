import type { UserImage, UserImages } from '../../services/index.ts';
import { Download, receivePicture, type RouteSpec, route, throwAway } from '../http/index.ts';

/** The pictures of users. */
export function createUserImagesRoutes(images: UserImages): RouteSpec[] {
  return [
    route({ method: 'get', path: '/users/:user_id/image', access: 'session' }, async ({ caller, params, query }) =>
      // With `last_picture_update` in the address it is another address for each picture.
      downloadOf(await images.image(caller, params.user_id), query.has('_')),
    ),
    route({ method: 'get', path: '/users/:user_id/image/default', access: 'session' }, async ({ caller, params }) =>
      downloadOf(await images.generated(caller, params.user_id), false),
    ),
    route(
      { method: 'post', path: '/users/:user_id/image', access: 'session' },
      async ({ caller, params, incoming }) => {
        try {
          const take = (bytes: AsyncIterable<Uint8Array>) => images.set(caller, params.user_id, bytes);
          await receivePicture(incoming, { checkSize: (bytes) => images.checkSize(bytes), take });
        } finally {
          throwAway(incoming);
        }
      },
    ),
    route({ method: 'delete', path: '/users/:user_id/image', access: 'session' }, ({ caller, params }) =>
      images.remove(caller, params.user_id),
    ),
  ];
}

/** Mattermost's load test reads the tag as a number, so it is bare. */
function downloadOf({ bytes, etag }: UserImage, lasting: boolean): Download {
  return new Download({
    contentType: 'image/png',
    size: bytes.length,
    etag,
    cache: lasting ? 'private, max-age=86400' : 'private, no-cache',
    save: false,
    open: () => Promise.resolve(bytes),
  });
}
