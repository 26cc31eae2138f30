import sharp from 'sharp';
import { AppError } from '../../base/app-error.ts';
import { Turns } from './turns.ts';

/** Measures and shrinks pictures. Works outside of the event loop, on few at a time, and on none that unfold too far. */
export interface PictureTool {
  /** In pixels, as it is to be shown; undefined when it cannot be read or has too many pixels. */
  measure(path: string): Promise<Size | undefined>;
  /** A WebP that fits into `box`, never larger than the picture is; undefined as above. */
  fit(path: string, box: Size): Promise<Buffer | undefined>;
  /** The same, and what moves goes on moving. All of its frames together must not have too many pixels. */
  fitMoving(path: string, box: Size): Promise<Buffer | undefined>;
  /** A square PNG, cut from the middle; undefined as above. */
  square(path: string, side: number): Promise<Buffer | undefined>;
  /** Draws an SVG of our own making as PNG. Never for one that somebody has uploaded. */
  draw(svg: string): Promise<Buffer>;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The forms that are read, by the names of libvips; nothing else is, whatever a file claims to be. */
const READ = ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadNsgif', 'VipsForeignLoadWebp'];
const WAITING_MAX = 200;
const busy = () => new AppError('api.file.busy.app_error', { retryAfter: 2 });

/**
 * @param maxPixels of a picture; a few kilobytes may unfold to gigabytes.
 * @param atOnce how many pictures are worked on at a time, each by one thread.
 */
export function createPictureTool(maxPixels: () => number, atOnce: number): PictureTool {
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: [...READ, 'VipsForeignLoadSvgBuffer'] });
  const turns = new Turns(atOnce, WAITING_MAX);
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => (turns.full ? Promise.reject(busy()) : turns.take(work));
  const read = (path: string, animated = false) =>
    sharp(path, { limitInputPixels: maxPixels(), failOn: 'error', animated });
  // What a decoder refuses is the picture's fault, and what it says of it nobody needs.
  const orNothing = <T>(work: () => Promise<T>): Promise<T | undefined> => inTurn(() => work().catch(() => undefined));

  return {
    measure: (path) =>
      orNothing(async () => {
        const { width, height, orientation = 1 } = await read(path).metadata();
        if (width * height > maxPixels()) return undefined;
        // From 5 on it lies on its side.
        return orientation >= 5 ? { width: height, height: width } : { width, height };
      }),
    fit: (path, box) =>
      orNothing(() =>
        read(path)
          .autoOrient()
          .resize({ ...box, fit: 'inside', withoutEnlargement: true })
          .webp({ quality: 80, effort: 2 })
          .toBuffer(),
      ),
    fitMoving: (path, box) =>
      orNothing(() =>
        read(path, true)
          .resize({ ...box, fit: 'inside', withoutEnlargement: true })
          .webp({ quality: 80, effort: 2 })
          .toBuffer(),
      ),
    square: (path, side) =>
      orNothing(() => read(path).autoOrient().resize({ width: side, height: side, fit: 'cover' }).png().toBuffer()),
    draw: (svg) => inTurn(() => sharp(Buffer.from(svg)).png().toBuffer()),
  };
}
