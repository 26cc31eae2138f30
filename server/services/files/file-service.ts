import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FileInfo, FileLink, Post } from '../../../contract/index.ts';
import type { FileStore, StoredFile } from '../../stores/files/index.ts';
import type { PostStore } from '../../stores/posts/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { Causality } from '../../database/index.ts';
import type { ChannelAccesses } from '../channel-access/index.ts';
import { may, mayReadContent } from '../permissions/index.ts';
import { fileKey } from './file-keys.ts';
import { fileMissing, type FileRules, orRefuse, requireEnabled } from './file-rules.ts';
import { mayBeShown, UNKNOWN_TYPE } from './file-types.ts';
import type { PictureTool, Size } from './images/picture-tool.ts';
import { presentFile } from './present-file.ts';
import { asSource, type ByteRange, type FileStorage } from './storage/index.ts';

export interface FileServiceDeps {
  readonly files: FileStore;
  readonly posts: Pick<PostStore, 'byId'>;
  readonly storage: FileStorage;
  readonly pictures: PictureTool;
  readonly access: ChannelAccesses;
  readonly rules: () => FileRules;
  readonly detached: () => Causality;
}

/** Bytes that somebody may have, and how they are to be handed over. */
export interface FileContent {
  readonly name: string;
  readonly mimeType: string;
  /** Whether a browser may show it by itself, instead of saving it. */
  readonly shown: boolean;
  readonly size: number;
  /** Changes with the bytes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  open(range?: ByteRange): Promise<Readable>;
}

export type Rendition = 'thumbnail' | 'preview';

const boxes: Readonly<Record<Rendition, Size>> = {
  thumbnail: { width: 240, height: 200 },
  preview: { width: 1_920, height: 1_920 },
};
const noRendition = {
  thumbnail: 'api.file.get_file_thumbnail.no_thumbnail.app_error',
  preview: 'api.file.get_file_preview.no_preview.app_error',
} as const;

/** Looks at uploaded files: for those who may read the post, before that for who uploaded them. */
export class FileService {
  readonly #deps: FileServiceDeps;
  /** Pictures that are being drawn small: everybody who looks at a new post asks at the same moment. */
  readonly #drawing = new Map<string, Promise<void>>();

  constructor(deps: FileServiceDeps) {
    this.#deps = deps;
  }

  async info(caller: Caller, id: string): Promise<FileInfo> {
    return presentFile(await this.#readable(caller, id));
  }

  async content(caller: Caller, id: string): Promise<FileContent> {
    return this.#original(await this.#readable(caller, id));
  }

  /** A picture drawn small, as WebP. It is drawn when it is asked for the first time. */
  async rendition(caller: Caller, id: string, kind: Rendition): Promise<FileContent> {
    const file = await this.#readable(caller, id);
    if (file.width === 0) throw new AppError(noRendition[kind]);
    const { storage } = this.#deps;
    const key = fileKey(file, kind);
    const present = await orRefuse(storage.size(key), 0);
    if (present === undefined) await this.#drawOnce(file, kind);
    const size = present ?? (await orRefuse(storage.size(key), 0));
    if (size === undefined) throw new AppError(noRendition[kind]);
    return {
      name: `${file.name}.webp`,
      mimeType: 'image/webp',
      shown: true,
      size,
      etag: `${file.id}-${kind}`,
      modifiedAt: file.createAt,
      open: (range) => orRefuse(storage.open(key, range), 0),
    };
  }

  /** The files of a post in their order. */
  async ofPost(caller: Caller, postId: string): Promise<FileInfo[]> {
    const post = await this.#deps.posts.byId(caller.causality, postId);
    if (post === undefined || post.deleteAt > 0) throw new AppError('app.post.get.app_error');
    await this.#deps.access.require(caller, post.channelId, mayReadContent);
    return (JSON.parse(post.json) as Post).metadata.files ?? [];
  }

  /**
   * An address under which everybody gets the file who knows it.
   *
   * @param askedAt where the caller reaches this server; it stands in for a `SiteURL` that is not set.
   */
  async link(caller: Caller, id: string, askedAt: string): Promise<FileLink> {
    const { linkSecret, siteUrl } = this.#deps.rules();
    if (linkSecret === '') throw new AppError('api.file.get_public_link.disabled.app_error');
    const file = await this.#readable(caller, id);
    // What hangs on no post will be taken away again.
    if (file.postId === '') throw fileMissing();
    return { link: `${siteUrl || askedAt}/api/v4/files/${file.id}/public?h=${hashOf(file.id, linkSecret)}` };
  }

  async publicContent(id: string, hash: string): Promise<FileContent> {
    const rules = this.#deps.rules();
    requireEnabled(rules);
    if (rules.linkSecret === '') throw new AppError('api.file.get_public_link.disabled.app_error');
    const [wanted, given] = [Buffer.from(hashOf(id, rules.linkSecret)), Buffer.from(hash)];
    if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) {
      throw new AppError('api.file.get_file.public_invalid.app_error');
    }
    const file = await this.#deps.files.byId(this.#deps.detached(), id);
    if (file === undefined) throw fileMissing();
    return this.#original(file);
  }

  #original(file: StoredFile): FileContent {
    const shown = mayBeShown(file.mimeType);
    return {
      name: file.name,
      mimeType: file.mimeType === '' ? UNKNOWN_TYPE : file.mimeType,
      shown,
      size: file.size,
      etag: file.id,
      modifiedAt: file.createAt,
      open: (range) => orRefuse(this.#deps.storage.open(fileKey(file, 'original'), range), 0),
    };
  }

  #drawOnce(file: StoredFile, kind: Rendition): Promise<void> {
    const key = fileKey(file, kind);
    const underWay = this.#drawing.get(key);
    if (underWay !== undefined) return underWay;
    const drawn = this.#draw(file, kind).finally(() => this.#drawing.delete(key));
    this.#drawing.set(key, drawn);
    return drawn;
  }

  async #draw(file: StoredFile, kind: Rendition): Promise<void> {
    const { storage, pictures } = this.#deps;
    const fit = (path: string) => pictures.fit(path, boxes[kind]);
    const bytes = await orRefuse(storage.asLocalFile(fileKey(file, 'original'), fit), 0);
    if (bytes === undefined) return;
    await orRefuse(storage.write(fileKey(file, kind), asSource(bytes), bytes.length), 0);
  }

  /** @throws AppError 501, 404 or 403. */
  async #readable(caller: Caller, id: string): Promise<StoredFile> {
    const { files, access, rules } = this.#deps;
    requireEnabled(rules());
    const file = await files.byId(caller.causality, id);
    if (file === undefined) throw fileMissing();
    if (file.creatorId === caller.userId) return file;
    const place = file.postId === '' ? undefined : await access.find(caller, file.channelId);
    const allowed = place ? mayReadContent(caller, place.channel, place.scope) : may(caller, 'read_channel_content');
    if (!allowed) throw new AppError('api.context.permissions.app_error');
    return file;
  }
}

function hashOf(id: string, secret: string): string {
  return createHmac('sha256', secret).update(id).digest('base64url');
}
