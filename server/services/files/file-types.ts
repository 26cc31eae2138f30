import { limits } from '../../../contract/index.ts';
import type { ByteSource } from './storage/index.ts';

/**
 * What is served under which type. The uploader's word counts for nothing: the type of a picture comes from its first
 * bytes, that of everything else from the end of its name, and what a browser could execute has none.
 */
const typesByExtension: Readonly<Record<string, string>> = {
  avi: 'video/x-msvideo',
  bmp: 'image/bmp',
  bz2: 'application/x-bzip2',
  css: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  eml: 'message/rfc822',
  epub: 'application/epub+zip',
  flac: 'audio/flac',
  gz: 'application/gzip',
  heic: 'image/heic',
  json: 'application/json',
  log: 'text/plain; charset=utf-8',
  m4a: 'audio/mp4',
  m4v: 'video/mp4',
  md: 'text/markdown; charset=utf-8',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  mpeg: 'video/mpeg',
  odp: 'application/vnd.oasis.opendocument.presentation',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odt: 'application/vnd.oasis.opendocument.text',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  ogv: 'video/ogg',
  pdf: 'application/pdf',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  rtf: 'application/rtf',
  tar: 'application/x-tar',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  txt: 'text/plain; charset=utf-8',
  wav: 'audio/wav',
  weba: 'audio/webm',
  webm: 'video/webm',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  yaml: 'text/plain; charset=utf-8',
  yml: 'text/plain; charset=utf-8',
  zip: 'application/zip',
};

export const UNKNOWN_TYPE = 'application/octet-stream';

/** A browser may show these by itself: they run nothing. Everything else is saved. */
const SHOWN =
  /^(?:image\/(?:png|jpeg|gif|webp|bmp)|video\/(?:mp4|webm|ogg|quicktime)|audio\/(?:mpeg|mp4|ogg|wav|webm|flac))$/;

export function mayBeShown(mimeType: string): boolean {
  return SHOWN.test(mimeType);
}

/** Pictures that are drawn small and known by their first bytes. */
const PICTURES: Readonly<Record<string, (head: string) => boolean>> = {
  'image/png': (head) => head.startsWith('\x89PNG\r\n\x1a\n'),
  'image/jpeg': (head) => head.startsWith('\xff\xd8\xff'),
  'image/gif': (head) => head.startsWith('GIF87a') || head.startsWith('GIF89a'),
  'image/webp': (head) => head.startsWith('RIFF') && head.startsWith('WEBP', 8),
};
export const HEAD_BYTES = 16;

/** The type of a picture by its first bytes; undefined for what is none. */
export function pictureType(head: Uint8Array): string | undefined {
  const text = Buffer.from(head).toString('latin1');
  return Object.keys(PICTURES).find((type) => PICTURES[type]?.(text) === true);
}

export function typeOf(extension: string, head: Uint8Array): string {
  const picture = pictureType(head);
  if (picture !== undefined) return picture;
  return (Object.hasOwn(typesByExtension, extension) && typesByExtension[extension]) || UNKNOWN_TYPE;
}

/** What is behind the last dot, in lower case. */
export function extensionOf(name: string): string {
  const extension = /\.([^.\s/]{1,64})$/.exec(name)?.[1] ?? '';
  return extension.toLowerCase().slice(0, 64);
}

/** Control characters, and those that turn the direction of writing: a name must not look like another one. */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/gu;

/** The name of an upload: the last part of a path, of at most 255 characters; it is shown, and never used as a path. */
export function cleanName(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? '';
  const seen = last.replace(UNSEEN, '').trim();
  if (seen === '' || seen === '.' || seen === '..') return 'file';
  const characters = [...seen];
  if (characters.length <= limits.fileNameMax) return seen;
  const extension = extensionOf(seen);
  const end = extension === '' ? '' : `.${extension}`;
  return characters.slice(0, limits.fileNameMax - [...end].length).join('') + end;
}

/** The bytes of `source`, and their beginning once they have gone through. */
export function withHead(source: ByteSource): { readonly source: ByteSource; head(): Uint8Array } {
  let head = Buffer.alloc(0);
  async function* through(): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, piece.subarray(0, HEAD_BYTES - head.length)]);
      yield piece;
    }
  }
  return { source: through(), head: () => head };
}
