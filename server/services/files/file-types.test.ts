import { expect, test } from 'vitest';
import { cleanName, extensionOf, mayBeShown, pictureType, typeOf, withHead } from './file-types.ts';

const png = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1');
const nothing = Buffer.alloc(0);

test.each([
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\ada\\photo.png', 'photo.png'],
  ['a/', 'file'],
  ['..', 'file'],
  ['', 'file'],
  [' \u0000 ', 'file'],
  ['two\r\nlines.txt', 'twolines.txt'],
  ['tfel\u202egnp.exe', 'tfelgnp.exe'],
  ['Ünïcödé 文件 🦆.txt', 'Ünïcödé 文件 🦆.txt'],
  ['lone \ud800 half', 'lone  half'],
  ['"quoted"; filename=x.html', '"quoted"; filename=x.html'],
  [`${'🦆'.repeat(300)}.png`, `${'🦆'.repeat(251)}.png`],
])('%j is called %j', (given, expected) => {
  expect(cleanName(given)).toBe(expected);
});

test.each([
  ['a.TXT', 'txt'],
  ['archive.tar.gz', 'gz'],
  ['none', ''],
  ['.hidden', 'hidden'],
  ['dot.', ''],
  [`a.${'x'.repeat(100)}`, ''],
])('the end of %s is %j', (name, expected) => {
  expect(extensionOf(name)).toBe(expected);
});

test('a picture is known by its bytes, whatever it is called', () => {
  expect(pictureType(png)).toBe('image/png');
  expect(typeOf('html', png)).toBe('image/png');
  expect(typeOf('png', Buffer.from('<script>alert(1)</script>'))).toBe('application/octet-stream');
  expect(pictureType(nothing)).toBeUndefined();
});

test.each(['html', 'htm', 'svg', 'xhtml', 'xml', 'js', 'mjs', 'swf', 'exe', 'unknown', '', 'constructor', '__proto__'])(
  'what ends on %j has no type and is never shown',
  (extension) => {
    const type = typeOf(extension, nothing);
    expect(type).toBe('application/octet-stream');
    expect(mayBeShown(type)).toBe(false);
  },
);

test.each(['pdf', 'txt', 'css', 'json', 'zip'])('what ends on %s is saved', (extension) => {
  expect(mayBeShown(typeOf(extension, nothing))).toBe(false);
});

test('the beginning is known when the bytes have gone through, however they came', async () => {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const byte of png) yield Buffer.from([byte]);
  }
  const through = withHead(source());
  const got: number[] = [];
  for await (const piece of through.source) got.push(...piece);
  expect(Buffer.from(got)).toEqual(png);
  expect(Buffer.from(through.head())).toEqual(png.subarray(0, 16));
});
