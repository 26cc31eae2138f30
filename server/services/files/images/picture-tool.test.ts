import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initialsOf, initialsSvg } from './initials.ts';
import { createPictureTool } from './picture-tool.ts';
import { Turns } from './turns.ts';

const folder = join(tmpdir(), `holdfast-pictures-${randomUUID()}`);
const tool = createPictureTool(() => 1_000_000, 2);
beforeAll(() => mkdir(folder));
afterAll(() => rm(folder, { recursive: true, force: true }));

const blank = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#888' } });
async function file(bytes: Buffer): Promise<string> {
  const path = join(folder, randomUUID());
  await writeFile(path, bytes);
  return path;
}
const sizeOf = async (bytes: Buffer | undefined) => {
  const { width, height, format } = await sharp(bytes).metadata();
  return [format, width, height];
};

describe('pictures', () => {
  test.each(['png', 'jpeg', 'gif', 'webp'] as const)('of the form %s are measured, fitted and cut', async (format) => {
    const path = await file(await blank(400, 300).toFormat(format).toBuffer());
    expect(await tool.measure(path)).toEqual({ width: 400, height: 300 });
    const [fitted, square] = [await tool.fit(path, { width: 100, height: 100 }), await tool.square(path, 64)];
    expect(await sizeOf(fitted)).toEqual(['webp', 100, 75]);
    expect(await sizeOf(square)).toEqual(['png', 64, 64]);
  });

  test('that move go on moving, at their pace, unless all of their frames together are too many pixels', async () => {
    const film = async (frames: number, side: number): Promise<string> => {
      const colours = ['#f00', '#0f0', '#00f'];
      const drawn = Array.from({ length: frames }, (_, at) =>
        sharp({ create: { width: side * 2, height: side, channels: 3, background: colours[at % 3] ?? '' } })
          .png()
          .toBuffer(),
      );
      const delay = Array.from({ length: frames }, () => 80);
      return file(
        await sharp(await Promise.all(drawn), { join: { animated: true } })
          .gif({ delay })
          .toBuffer(),
      );
    };
    const moving = await tool.fitMoving(await film(3, 100), { width: 50, height: 50 });
    const { format, pages, width, pageHeight, delay } = await sharp(moving, { animated: true }).metadata();
    expect([format, pages, width, pageHeight, delay]).toEqual(['webp', 3, 50, 25, [80, 80, 80]]);
    expect(await tool.fitMoving(await film(12, 300), { width: 50, height: 50 })).toBeUndefined();
  });

  test('are never made larger', async () => {
    const path = await file(await blank(30, 20).png().toBuffer());
    const fitted = await tool.fit(path, { width: 100, height: 100 });
    expect(await sizeOf(fitted)).toEqual(['webp', 30, 20]);
  });

  test('that were taken with a turned camera stand upright', async () => {
    const path = await file(await blank(400, 300).withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect(await tool.measure(path)).toEqual({ width: 300, height: 400 });
    expect(await sizeOf(await tool.fit(path, { width: 100, height: 100 }))).toEqual(['webp', 75, 100]);
  });

  test('that unfold too far are not unfolded', async () => {
    const bomb = await blank(9_000, 9_000).png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.length).toBeLessThan(1_000_000);
    const path = await file(bomb);
    const before = process.memoryUsage().rss;
    expect(await tool.measure(path)).toBeUndefined();
    expect(await tool.fit(path, { width: 100, height: 100 })).toBeUndefined();
    expect(await tool.square(path, 64)).toBeUndefined();
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  test('that are none, or broken, or of another form give nothing', async () => {
    const png = await blank(400, 300).png().toBuffer();
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    );
    for (const bytes of [Buffer.alloc(0), Buffer.from('text'), png.subarray(0, 60), svg]) {
      const path = await file(bytes);
      expect(await tool.fit(path, { width: 10, height: 10 })).toBeUndefined();
      expect(await tool.square(path, 10)).toBeUndefined();
    }
    expect(await tool.measure(join(folder, 'missing'))).toBeUndefined();
  });
});

describe('generated pictures', () => {
  test('have the letters of the name and the colour of the id', async () => {
    const [ada, again, other] = [
      initialsOf('id1', 'ada.lovelace'),
      initialsOf('id1', 'ada-l'),
      initialsOf('id2', 'bob'),
    ];
    expect([ada.letters, again.letters, other.letters]).toEqual(['al', 'al', 'b']);
    expect(again).toEqual(ada);
    expect(initialsOf('id1', 'eve').colour).toBe(ada.colour);
    expect(initialsOf('id1', '').letters).toBe('x');
    expect(Number.isSafeInteger(ada.version) && ada.version > 0).toBe(true);
  });

  test('are the same each time, and another one for each letter', async () => {
    const drawn = await Promise.all(
      [...'abcdefghijklmnopqrstuvwxyza'].map((letter) => tool.draw(initialsSvg(initialsOf('id1', letter), 128))),
    );
    expect(await sizeOf(drawn[0])).toEqual(['png', 128, 128]);
    expect(drawn[26]).toEqual(drawn[0]);
    expect(new Set(drawn.map((bytes) => bytes.toString('base64'))).size).toBe(26);
  });
});

test('turns are taken in order, few at a time, and given back after a failure', async () => {
  const turns = new Turns(2, 2);
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) =>
    turns.take(async () => {
      order.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (name === 'b') throw new Error('failed');
    });
  const all = ['a', 'b', 'c', 'd'].map((name) => work(name).catch(() => undefined));
  expect([order, turns.full]).toEqual([['a', 'b'], true]);
  ends[1]?.();
  await all[1];
  await expect.poll(() => order).toEqual(['a', 'b', 'c']);
  for (const end of [0, 2]) ends[end]?.();
  await expect.poll(() => ends.length).toBe(4);
  ends[3]?.();
  await Promise.all(all);
  expect([order, turns.full]).toEqual([['a', 'b', 'c', 'd'], false]);
});
