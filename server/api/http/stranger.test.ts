import { expect, test } from 'vitest';
import { strangerOf } from './stranger.ts';

const local = { host: 'localhost:8065' };

test.each([
  ['a script at this machine', '127.0.0.1', local, true],
  ['over IPv6', '::1', { host: '[::1]:8065' }, true],
  ['over IPv4 on a socket of IPv6', '::ffff:127.0.0.1', { host: '127.0.0.1:8065' }, true],
  ['the webapp at this machine', '127.0.0.1', { ...local, origin: 'http://localhost:8065' }, true],
  ['another machine', '10.0.0.7', local, false],
  ['behind a proxy of this machine', '127.0.0.1', { ...local, 'x-forwarded-for': '10.0.0.7' }, false],
  ['a foreign page in a browser of this machine', '127.0.0.1', { ...local, origin: 'https://evil.example' }, false],
  ['a page in a sandbox', '127.0.0.1', { ...local, origin: 'null' }, false],
  [
    'a name that was rebound to this machine',
    '127.0.0.1',
    { host: 'evil.example', origin: 'http://evil.example' },
    false,
  ],
  ['no host at all', '127.0.0.1', {}, false],
])('%s', (_name, address, headers, expected) => {
  expect(strangerOf({ address, headers }).isLocal).toBe(expected);
});
