import { buffer } from 'node:stream/consumers';
import type { FullUser } from '../../stores/users/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { LruMap } from '../base/lru-map.ts';
import { drawIncoming } from './draw-incoming.ts';
import { type FileRules, orRefuse, requireSize } from './file-rules.ts';
import { type Initials, initialsOf, initialsSvg } from './images/initials.ts';
import type { PictureTool } from './images/picture-tool.ts';
import { asSource, type ByteSource, type FileStorage } from './storage/index.ts';

/** What the pictures of users need of their accounts. */
export interface PicturedUsers {
  /** @throws AppError 404. */
  existing(caller: Caller, id: string): Promise<Pick<FullUser, 'id' | 'username' | 'last_picture_update'>>;
  /** @throws AppError 403 when the caller may not change the account. */
  requireEditable(caller: Caller, id: string): Promise<void>;
  /** Tells everybody. Negative = it was taken away then. @throws AppError 404. */
  setPicture(caller: Caller, id: string, at: number): Promise<void>;
}

export interface UserImagesDeps {
  readonly users: PicturedUsers;
  readonly storage: FileStorage;
  readonly pictures: PictureTool;
  readonly rules: () => FileRules;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A picture of a user as PNG. */
export interface UserImage {
  readonly bytes: Buffer;
  /** A whole number: `last_picture_update`, or the version of the generated picture. */
  readonly etag: string;
}

interface Kept {
  readonly image: UserImage;
  readonly until: number;
}

const SIDE = 128;
/** What other servers change is seen this much later at the most; an address with `last_picture_update` in it, at once. */
const KEEP_MS = 30_000;
const KEPT_MAX = 1_000;

/** The users' pictures: their own, or the generated one. Those that were just asked for come out of memory. */
export class UserImages {
  readonly #deps: UserImagesDeps;
  readonly #kept = new LruMap<string, Kept>(KEPT_MAX);
  readonly #generated = new LruMap<number, Promise<Buffer>>(KEPT_MAX);

  constructor(deps: UserImagesDeps) {
    this.#deps = deps;
  }

  async image(caller: Caller, userId: string): Promise<UserImage> {
    const kept = this.#kept.get(userId);
    if (kept !== undefined && kept.until > this.#deps.now()) return kept.image;
    const user = await this.#deps.users.existing(caller, userId);
    const image = await this.#current(user, kept?.image);
    this.#kept.set(userId, { image, until: this.#deps.now() + KEEP_MS });
    return image;
  }

  async generated(caller: Caller, userId: string): Promise<UserImage> {
    const user = await this.#deps.users.existing(caller, userId);
    return this.#generate(initialsOf(user.id, user.username));
  }

  async set(caller: Caller, userId: string, source: ByteSource): Promise<void> {
    const { users, storage, now } = this.#deps;
    await users.requireEditable(caller, userId);
    const user = await users.existing(caller, userId);
    const bytes = await this.#squared(user.id, source);
    const at = now();
    await orRefuse(storage.write(keyOf(user.id, at), asSource(bytes), bytes.length), 0);
    await users.setPicture(caller, user.id, at);
    this.#kept.delete(user.id);
    await this.#removeOld(user, at);
  }

  /** Back to the generated picture. */
  async remove(caller: Caller, userId: string): Promise<void> {
    const { users, now } = this.#deps;
    await users.requireEditable(caller, userId);
    const user = await users.existing(caller, userId);
    const at = -now();
    await users.setPicture(caller, user.id, at);
    this.#kept.delete(user.id);
    await this.#removeOld(user, at);
  }

  async #current(
    user: Pick<FullUser, 'id' | 'username' | 'last_picture_update'>,
    known: UserImage | undefined,
  ): Promise<UserImage> {
    const etag = String(user.last_picture_update);
    if (known?.etag === etag) return known;
    const own = user.last_picture_update > 0 ? await this.#stored(keyOf(user.id, user.last_picture_update)) : undefined;
    return own === undefined ? this.#generate(initialsOf(user.id, user.username)) : { bytes: own, etag };
  }

  /** Undefined when the storage has lost it: a user without a picture is no reason to fail. */
  async #stored(key: string): Promise<Buffer | undefined> {
    const { storage } = this.#deps;
    if ((await orRefuse(storage.size(key), 0)) === undefined) return undefined;
    return buffer(await orRefuse(storage.open(key), 0));
  }

  async #generate(initials: Initials): Promise<UserImage> {
    const drawn = this.#generated.get(initials.version) ?? this.#deps.pictures.draw(initialsSvg(initials, SIDE));
    this.#generated.set(initials.version, drawn);
    try {
      return { bytes: await drawn, etag: String(initials.version) };
    } catch (error) {
      this.#generated.delete(initials.version);
      throw error;
    }
  }

  async #squared(userId: string, source: ByteSource): Promise<Buffer> {
    const { pictures, rules } = this.#deps;
    const square = (path: string) => pictures.square(path, SIDE);
    const bytes = await drawIncoming(this.#deps, `users/${userId}`, source, square);
    if (bytes !== undefined) return bytes;
    throw new AppError('api.user.upload_profile_user.decode.app_error', { params: { pixels: rules().maxPixels } });
  }

  /** A picture that stays behind does no harm. */
  async #removeOld(user: Pick<FullUser, 'id' | 'last_picture_update'>, at: number): Promise<void> {
    const old = user.last_picture_update;
    if (old > 0 && old !== at) await this.#deps.storage.remove(keyOf(user.id, old)).catch(() => undefined);
  }

  /** Refuses what says at once that it is too large. */
  checkSize(bytes: number): void {
    requireSize(this.#deps.rules(), bytes);
  }
}

function keyOf(userId: string, at: number): string {
  return `users/${userId}/${at}.png`;
}
