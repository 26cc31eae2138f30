import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type Request, type Response } from 'express';
import { afterEach, expect, test } from 'vitest';
import { stopServer } from '../testing/stop-server.ts';
import { type ApiRequest, createBornServer } from './born-server.ts';

const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map(stopServer)));

/** Uses what express adds to requests and responses, on Routers in Routers. */
function application(): Express {
  const app = express();
  const inner = express.Router();
  inner.get('/:name', (request: Request, response: Response) => {
    response.status(203).cookie('a', 'b').append('X-A', '1').append('X-A', '2').type('text');
    response.send(
      [request.baseUrl, request.params.name, request.get('x-in'), request.query.q, request.app === app].join(),
    );
  });
  inner.post('/', express.json(), (request, response) => void response.json({ got: request.body, ip: request.ip }));
  inner.get('/', (_request, response) => response.redirect('/elsewhere'));
  const outer = express.Router();
  outer.use('/inner', inner);
  app.use('/outer', outer);
  app.get('/fails', () => Promise.reject(new Error('on purpose')));
  return app.set('env', 'test');
}

async function ask(server: Server) {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answers = [];
  for (const [path, init] of [
    ['/outer/inner/x?q=1', { headers: { 'x-in': 'yes' } }],
    ['/outer/inner', { method: 'POST', body: '{"a":[1]}', headers: { 'content-type': 'application/json' } }],
    ['/outer/inner', { redirect: 'manual' }],
    ['/outer/inner/%zz', {}],
    ['/outer/inner/x', { method: 'HEAD' }],
    ['/outer/inner/x', { method: 'OPTIONS' }],
    ['/nowhere', {}],
    ['/fails', {}],
  ] as const) {
    const response = await fetch(base + path, init);
    const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'));
    // The stack in express's own error page names lines, which differ.
    answers.push({
      status: response.status,
      headers: { ...headers, 'content-length': '' },
      text: (await response.text()).slice(0, 150),
    });
  }
  return answers;
}

test('a server whose requests are born with the prototypes of express answers as a usual one', async () => {
  const born = await ask(createBornServer(application()));
  expect(born).toEqual(await ask(createServer(application())));
  expect(born.map((answer) => answer.status)).toEqual([203, 200, 302, 400, 203, 200, 404, 500]);
});

test('express changes no prototype of a born request or response', async () => {
  const app = express();
  const changed: boolean[] = [];
  const server = createBornServer(app);
  server.prependListener('request', (request, response) => {
    const before = [Object.getPrototypeOf(request), Object.getPrototypeOf(response)];
    response.on('finish', () => {
      changed.push(Object.getPrototypeOf(request) !== before[0], Object.getPrototypeOf(response) !== before[1]);
    });
  });
  app.use((request, response) => void response.end((request as ApiRequest).requestId));
  await ask(server);
  expect(changed).toEqual(Array(16).fill(false));
});
