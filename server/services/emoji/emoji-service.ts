import type { Readable } from 'node:stream';
import { type CreateEmojiRequest, type Emoji, limits } from '../../../contract/index.ts';
import { DatabaseError } from '../../database/index.ts';
import { emojiNameKey, type EmojiStore } from '../../stores/emoji/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import type { Publisher } from '../base/publisher.ts';
import { asSource, drawIncoming, type FileGround, orRefuse } from '../files/index.ts';
import { may } from '../permissions/index.ts';
import { systemEmojiNames } from './system-emoji-names.ts';

export interface EmojiServiceDeps {
  readonly emoji: EmojiStore;
  readonly fileGround: Pick<FileGround, 'storage' | 'pictures' | 'rules'>;
  readonly publisher: Publisher;
  readonly settings: () => { readonly customEmoji: boolean };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The picture of an emoji: WebP, which may move. It never changes. */
export interface EmojiImage {
  readonly size: number;
  readonly createAt: number;
  readonly open: () => Promise<Readable>;
}

const SIDE = 128;
const FOUND_MAX = 100;
const keyOf = (id: string): string => `emoji/${id}`;
const forbidden = () => new AppError('api.context.permissions.app_error');
const missing = () => new AppError('app.emoji.get.no_result');

/** Emoji that people have made. */
export class EmojiService {
  readonly #deps: EmojiServiceDeps;

  constructor(deps: EmojiServiceDeps) {
    this.#deps = deps;
  }

  /** Refuses who may not make one, and what says at once that it is too large; before the picture is read. */
  checkUpload(caller: Caller, bytes: number): void {
    this.#requireEnabled();
    if (!may(caller, 'create_emojis')) throw forbidden();
    if (bytes > limits.emojiBytesMax) throw this.tooLarge();
  }

  tooLarge(): AppError {
    return new AppError('api.emoji.create.too_large.app_error', { params: { limit: limits.emojiBytesMax } });
  }

  /** Makes an emoji and tells everybody. Its picture is there before anybody can see that it exists. */
  async create(caller: Caller, { name, creator_id: creator }: CreateEmojiRequest, picture: Buffer): Promise<Emoji> {
    this.checkUpload(caller, picture.length);
    if (creator !== '' && creator !== caller.userId) throw new AppError('api.emoji.create.other_user.app_error');
    if (systemEmojiNames.has(name)) throw new AppError('model.emoji.system_emoji_name.app_error');
    if (!(await this.#deps.emoji.isFree(name))) throw duplicate();
    const { fileGround, now } = this.#deps;
    const drawn = await this.#drawn(caller, picture);
    const id = newId();
    await orRefuse(fileGround.storage.write(keyOf(id), asSource(drawn), drawn.length), 0);
    const emoji = await this.#insert(caller, { id, createAt: now(), creatorId: caller.userId, name });
    const { token } = caller.causality;
    this.#deps.publisher.publish({ event: 'emoji_added', data: { emoji: JSON.stringify(emoji) }, to: {}, token });
    return emoji;
  }

  async get(caller: Caller, id: string): Promise<Emoji> {
    this.#requireEnabled();
    const emoji = await this.#deps.emoji.byId(caller.causality, id);
    if (emoji === undefined) throw missing();
    return emoji;
  }

  async byName(caller: Caller, name: string): Promise<Emoji> {
    this.#requireEnabled();
    const emoji = await this.#deps.emoji.byName(caller.causality, name);
    if (emoji === undefined) throw missing();
    return emoji;
  }

  /** Those of the names that exist. */
  async byNames(caller: Caller, names: readonly string[]): Promise<Emoji[]> {
    this.#requireEnabled();
    return this.#deps.emoji.byNames(caller.causality, names);
  }

  async list(caller: Caller, page: { limit: number; offset: number; byName: boolean }): Promise<Emoji[]> {
    this.#requireEnabled();
    return this.#deps.emoji.list(caller.causality, page);
  }

  async search(term: string, prefixOnly: boolean): Promise<Emoji[]> {
    this.#requireEnabled();
    return this.#deps.emoji.search(term, { prefixOnly, limit: FOUND_MAX });
  }

  /** Removes it; messages and reactions keep its name. */
  async delete(caller: Caller, id: string): Promise<void> {
    const emoji = await this.get(caller, id);
    const permission = emoji.creator_id === caller.userId ? 'delete_emojis' : 'delete_others_emojis';
    if (!may(caller, permission)) throw forbidden();
    await this.#deps.emoji.delete(caller.causality, id, this.#deps.now());
    // A picture that stays behind does no harm.
    await this.#deps.fileGround.storage.remove(keyOf(id)).catch(() => undefined);
  }

  async image(caller: Caller, id: string): Promise<EmojiImage> {
    const { create_at: createAt } = await this.get(caller, id);
    const { storage } = this.#deps.fileGround;
    const size = await orRefuse(storage.size(keyOf(id)), 0);
    if (size === undefined) throw missing();
    return { size, createAt, open: () => orRefuse(storage.open(keyOf(id)), 0) };
  }

  async #drawn({ userId }: Caller, picture: Buffer): Promise<Buffer> {
    const { fileGround } = this.#deps;
    const draw = (path: string) => fileGround.pictures.fitMoving(path, { width: SIDE, height: SIDE });
    const drawn = await drawIncoming(fileGround, `emoji/of-${userId}`, asSource(picture), draw);
    if (drawn !== undefined) return drawn;
    throw new AppError('api.emoji.upload.image.app_error', { params: { pixels: fileGround.rules().maxPixels } });
  }

  /** Of two that take a name at the same moment, one comes too late; where the outcome is unknown, the picture stays. */
  async #insert(caller: Caller, row: Parameters<EmojiStore['insert']>[1]): Promise<Emoji> {
    try {
      return await this.#deps.emoji.insert(caller.causality, row);
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.constraint !== emojiNameKey) throw error;
      await this.#deps.fileGround.storage.remove(keyOf(row.id)).catch(() => undefined);
      throw duplicate(error);
    }
  }

  #requireEnabled(): void {
    if (!this.#deps.settings().customEmoji) throw new AppError('api.emoji.disabled.app_error');
  }
}

function duplicate(cause?: unknown): AppError {
  return new AppError('api.emoji.create.duplicate.app_error', { cause });
}
