import { type Caller, type UserImage, type UserImages } from '../../services/index.ts';
import {
  announcedBytes,
  Download,
  invalidBodyParam,
  isForm,
  readForm,
  type RouteInput,
  type RouteSpec,
  route,
  throwAway,
} from '../http/index.ts';

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
          await receivePicture(images, { caller, userId: params.user_id }, incoming);
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

async function receivePicture(
  images: UserImages,
  { caller, userId }: { readonly caller: Caller; readonly userId: string },
  incoming: RouteInput<undefined>['incoming'],
): Promise<void> {
  if (!isForm(incoming)) throw invalidBodyParam('image');
  images.checkSize(announcedBytes(incoming));
  let taken = false;
  await readForm(incoming, {
    field: () => undefined,
    async file(name, _filename, bytes) {
      if (name !== 'image' || taken) throw invalidBodyParam('image');
      taken = true;
      await images.set(caller, userId, bytes);
    },
  });
  if (!taken) throw invalidBodyParam('image');
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
