import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** One file of the build, as it is sent. */
export interface BuiltFile {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly etag: string;
  /** Its name holds a hash of its content: it never changes. */
  readonly immutable: boolean;
  /** The same, compressed, where the build made it. */
  readonly brotli: Buffer | undefined;
  readonly gzip: Buffer | undefined;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** Whether a path asks for a file rather than for a page of the webapp. Names of people and channels may have dots. */
export function looksLikeFile(path: string): boolean {
  return path.startsWith('/assets/') || CONTENT_TYPES[extname(path)] !== undefined;
}

/**
 * Reads the whole build into memory, by URL path. It is a few megabytes; a new build on the disk does not tear the
 * pages of the running one apart, and no path of a request ever reaches the disk.
 *
 * @returns `undefined` when there is no build.
 */
export function readBuiltFiles(root: string): ReadonlyMap<string, BuiltFile> | undefined {
  let names: string[];
  try {
    names = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  } catch {
    return undefined;
  }
  const bytesOf = new Map(names.map((name) => [`/${name.split(sep).join('/')}`, readFileSync(join(root, name))]));
  if (!bytesOf.has('/index.html')) return undefined;
  const files = new Map<string, BuiltFile>();
  for (const [path, bytes] of bytesOf) {
    if (/\.(?:br|gz)$/.test(path)) continue;
    files.set(path, {
      bytes,
      contentType: CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
      immutable: path.startsWith('/assets/'),
      brotli: bytesOf.get(`${path}.br`),
      gzip: bytesOf.get(`${path}.gz`),
    });
  }
  return files;
}
