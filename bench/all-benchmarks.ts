import { broadcast } from './broadcast.ts';
import { channelPage } from './channel-page.ts';
import { cheapGet } from './cheap-get.ts';
import { api } from './client-mix.ts';
import { databaseLayer } from './database-layer.ts';
import { loginBurst } from './login-burst.ts';
import { mariadbLayer } from './mariadb-layer.ts';
import { posts } from './posts.ts';
import { readShare } from './read-share.ts';
import { search } from './search.ts';
import type { Benchmark } from './support/context.ts';
import { switchPause } from './switch-pause.ts';

/** In the order in which they are read: from the database to the browser. */
export const allBenchmarks: readonly Benchmark[] = [
  { name: 'database', needsServer: true, run: databaseLayer },
  { name: 'mariadb', needsServer: true, run: mariadbLayer },
  { name: 'posts', needsServer: true, run: posts },
  { name: 'page', needsServer: true, run: channelPage },
  { name: 'search', needsServer: true, run: search },
  { name: 'get', needsServer: true, run: cheapGet },
  { name: 'api', needsServer: true, run: api },
  { name: 'share', needsServer: true, run: readShare },
  { name: 'switch', needsServer: true, run: switchPause },
  { name: 'logins', needsServer: true, run: loginBurst },
  { name: 'broadcast', needsServer: false, run: broadcast },
];
