import type { Caller, Chat, TeamImages } from '../../services/index.ts';
import { Download, receivePicture, type RouteSpec, route, throwAway } from '../http/index.ts';

/** The pictures of teams. */
export function createTeamImagesRoutes({ teamImages }: Pick<Chat, 'teamImages'>): RouteSpec[] {
  return [
    route({ method: 'get', path: '/teams/:team_id/image', access: 'session' }, ({ caller, params, query }) =>
      // With `last_team_icon_update` in the address it is another address for each picture.
      downloadOf(teamImages, caller, params.team_id, query.has('_')),
    ),
    route(
      { method: 'post', path: '/teams/:team_id/image', access: 'session' },
      async ({ caller, params, incoming }) => {
        try {
          const take = (bytes: AsyncIterable<Uint8Array>) => teamImages.set(caller, params.team_id, bytes);
          await receivePicture(incoming, { checkSize: (bytes) => teamImages.checkSize(bytes), take });
        } finally {
          throwAway(incoming);
        }
      },
    ),
    route({ method: 'delete', path: '/teams/:team_id/image', access: 'session' }, ({ caller, params }) =>
      teamImages.remove(caller, params.team_id),
    ),
  ];
}

async function downloadOf(images: TeamImages, caller: Caller, teamId: string, lasting: boolean): Promise<Download> {
  const { size, version, open } = await images.image(caller, teamId);
  return new Download({
    contentType: 'image/png',
    size,
    etag: String(version),
    cache: lasting ? 'private, max-age=86400' : 'private, no-cache',
    save: false,
    open,
  });
}
