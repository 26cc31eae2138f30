import type { Readable } from 'node:stream';
import type { Team } from '../../../contract/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { asSource, type ByteSource, drawIncoming, type FileGround, orRefuse, requireSize } from '../files/index.ts';
import type { TeamService } from './team-service.ts';

export interface TeamImagesDeps {
  readonly teams: Pick<TeamService, 'get' | 'managed' | 'setIcon'>;
  readonly fileGround: Pick<FileGround, 'storage' | 'pictures' | 'rules'>;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** The picture of a team as PNG. */
export interface TeamImage {
  readonly size: number;
  /** `last_team_icon_update`: another picture has another one. */
  readonly version: number;
  readonly open: () => Promise<Readable>;
}

const SIDE = 128;

/** The pictures of teams. A team has none until somebody gives it one. */
export class TeamImages {
  readonly #deps: TeamImagesDeps;
  readonly #now: () => number;

  constructor(deps: TeamImagesDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
  }

  /** For members, and for everybody where the team is open. */
  async image(caller: Caller, teamId: string): Promise<TeamImage> {
    const team = await this.#deps.teams.get(caller, teamId);
    const { storage } = this.#deps.fileGround;
    const version = team.last_team_icon_update;
    const size = version > 0 ? await orRefuse(storage.size(keyOf(team)), 0) : undefined;
    if (size === undefined) throw new AppError('api.team.get_team_icon.read_file.app_error');
    return { size, version, open: () => orRefuse(storage.open(keyOf(team)), 0) };
  }

  async set(caller: Caller, teamId: string, source: ByteSource): Promise<void> {
    const { teams, fileGround } = this.#deps;
    const team = await teams.managed(caller, teamId);
    const square = (path: string) => fileGround.pictures.square(path, SIDE);
    const bytes = await drawIncoming(fileGround, `teams/${team.id}`, source, square);
    if (bytes === undefined) {
      const params = { pixels: fileGround.rules().maxPixels };
      throw new AppError('api.team.set_team_icon.decode.app_error', { params });
    }
    const version = this.#now();
    const key = keyOf({ id: team.id, last_team_icon_update: version });
    await orRefuse(fileGround.storage.write(key, asSource(bytes), bytes.length), 0);
    await teams.setIcon(caller, team.id, version);
    await this.#removeOld(team, version);
  }

  async remove(caller: Caller, teamId: string): Promise<void> {
    const team = await this.#deps.teams.managed(caller, teamId);
    await this.#deps.teams.setIcon(caller, team.id, 0);
    await this.#removeOld(team, 0);
  }

  /** Refuses what says at once that it is too large. */
  checkSize(bytes: number): void {
    requireSize(this.#deps.fileGround.rules(), bytes);
  }

  /** A picture that stays behind does no harm. */
  async #removeOld(team: Team, version: number): Promise<void> {
    const old = team.last_team_icon_update;
    if (old > 0 && old !== version) await this.#deps.fileGround.storage.remove(keyOf(team)).catch(() => undefined);
  }
}

function keyOf({ id, last_team_icon_update: version }: Pick<Team, 'id' | 'last_team_icon_update'>): string {
  return `teams/${id}/${version}.png`;
}
