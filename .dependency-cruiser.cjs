// Who may import whom. Every rule says what to do instead. `parser: 'swc'` is needed: with TypeScript 7 the default parser sees
// no module at all and reports success (docs/adr/0003-import-rules-by-dependency-cruiser-on-swc.md).

const TESTS = '(\\.(test|contract)\\.tsx?$|/testing/)';
const SERVER_MODULES = 'config|database|migrations|console|observability|realtime';

/** The npm package itself, not one whose name begins alike. */
const packages = (...names) => `node_modules/(@types/)?(${names.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Move what both sides need into a file that imports neither.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere: relative imports end in .ts, packages stand in package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '(^|/)dist/' },
    },
    {
      name: 'contract-stands-alone',
      comment: 'The contract is shared by server and browser: it may import zod and itself, nothing else.',
      severity: 'error',
      from: { path: '^contract/', pathNot: TESTS },
      to: { pathNot: ['^contract/', packages('zod')] },
    },

    // The server, from the wire to the database: api, realtime, console -> services -> stores -> database.
    {
      name: 'database-stands-alone',
      comment:
        'The database layer is usable without the chat: pass in what it needs (a logger, a clock, settings) as an argument.',
      severity: 'error',
      from: { path: '^server/database/', pathNot: TESTS },
      to: {
        path: [
          '^contract/',
          '^server/(?!database/|observability/index\\.ts$)',
          packages('express', 'socket\\.io', 'ws'),
        ],
      },
    },
    {
      name: 'database-pure-folders',
      comment:
        'settings, data-source, topology and routing are pure: values in, values out. Put timers, sockets and drivers into pool, health or lifecycle.',
      severity: 'error',
      from: { path: '^server/database/(settings|data-source|topology|routing)/', pathNot: TESTS },
      to: {
        path: [
          '^server/database/(pool|health|lifecycle)/',
          packages('knex', 'pg', 'mysql2'),
          '^(node:)?(timers|net|tls|dns|http|https|fs|child_process|worker_threads)(/|$)',
        ],
      },
    },
    {
      name: 'database-users',
      comment:
        'Only stores, migrations, console and main work with the database; services and realtime may name its types, api/http its errors. Write a store method.',
      severity: 'error',
      from: {
        path: '^server/',
        pathNot: [
          TESTS,
          '^server/(database|stores|migrations|console|services|realtime|config|cli)/',
          '^server/api/http/',
          '^server/main\\.ts$',
        ],
      },
      to: { path: '^server/database/' },
    },
    {
      name: 'stores-users',
      comment:
        'Only services use stores: a route or a socket asks a service, so that every way in meets the same rules.',
      severity: 'error',
      from: { path: '^server/', pathNot: [TESTS, '^server/(stores|services|cli)/', '^server/main\\.ts$'] },
      to: { path: '^server/stores/' },
    },
    {
      name: 'stores-are-sql-only',
      comment: 'A store turns arguments into SQL and rows into values. Rules belong to the service that calls it.',
      severity: 'error',
      from: { path: '^server/stores/', pathNot: TESTS },
      to: { path: '^server/(?!stores/|database/index\\.ts$|observability/index\\.ts$)' },
    },
    {
      name: 'services-know-no-wire',
      comment:
        'A service knows nothing of HTTP or sockets: return a value, throw an AppError, publish through the Publisher.',
      severity: 'error',
      from: { path: '^server/services/', pathNot: TESTS },
      to: { path: ['^server/(api|realtime|console|config|migrations)/', '^server/main\\.ts$'] },
    },
    {
      name: 'nobody-imports-main',
      comment:
        'main.ts wires everything and is imported by nothing but tests of the whole: take the thing that you need as an argument.',
      severity: 'error',
      from: { path: '^(server|contract|webapp)/', pathNot: TESTS },
      to: { path: '^server/main\\.ts$' },
    },
    {
      name: 'config-users',
      comment: 'Settings are handed down as values by main.ts (and shown by the console).',
      severity: 'error',
      from: { path: '^server/', pathNot: [TESTS, '^server/(config|console|cli)/', '^server/main\\.ts$'] },
      to: { path: '^server/config/' },
    },
    {
      name: 'server-public-faces',
      comment: "Import the module's index.ts; if it does not offer what you need, offer it there.",
      severity: 'error',
      from: { path: '^(?:server/([^/]+)/|server/main\\.ts$|tools/|e2e/)', pathNot: TESTS },
      to: {
        path: `^server/(${SERVER_MODULES})/`,
        pathNot: ['^server/$1/', '^server/[^/]+/index\\.ts$', '^server/database/testing/'],
      },
    },
    {
      name: 'server-resource-faces',
      comment: "Stores, services and routes of another resource are reached through their folder's index.ts.",
      severity: 'error',
      from: { path: '^server/(stores|services|api)/([^/]+)/', pathNot: TESTS },
      to: {
        path: '^server/(stores|services|api)/[^/]+/',
        pathNot: ['^server/$1/$2/', '^server/(stores|services|api)/[^/]+/index\\.ts$', '^server/services/base/'],
      },
    },
    {
      name: 'testing-for-tests',
      comment: 'Folders called testing are for tests alone.',
      severity: 'error',
      from: { path: '^(server|contract|webapp)/', pathNot: TESTS },
      to: { path: ['/testing/', '^tools/', '\\.test\\.tsx?$'] },
    },

    // Frameworks stay behind one door each.
    {
      name: 'express-in-api',
      comment: 'express lives in server/api and main.ts: describe a route (server/api/http/route.ts) instead.',
      severity: 'error',
      from: { path: '^server/', pathNot: [TESTS, '^server/api/', '^server/main\\.ts$'] },
      to: { path: packages('express') },
    },
    {
      name: 'sockets-in-realtime',
      comment: 'socket.io and ws live in server/realtime and main.ts: publish an event instead.',
      severity: 'error',
      from: { path: '^server/', pathNot: [TESTS, '^server/realtime/', '^server/main\\.ts$'] },
      to: { path: packages('socket\\.io', 'ws', 'engine\\.io') },
    },
    {
      name: 'drivers-in-database',
      comment: 'knex, pg and mysql2 live in server/database and server/migrations: use Database and statement().',
      severity: 'error',
      from: { path: '^(server|contract|webapp)/', pathNot: [TESTS, '^server/(database|migrations)/'] },
      to: { path: packages('knex', 'pg', 'mysql2') },
    },

    // The browser.
    {
      name: 'webapp-shares-the-contract-only',
      comment: 'The webapp shares contract/ with the server and nothing else: move the shared type there.',
      severity: 'error',
      from: { path: '^webapp/' },
      to: { path: '^(server|tools|bench|e2e)/' },
    },
    {
      name: 'server-without-webapp',
      comment: 'The server serves the built webapp as files and imports none of it.',
      severity: 'error',
      from: { path: '^(server|contract)/' },
      to: { path: '^(webapp|bench|e2e)/' },
    },
    {
      name: 'chat-and-console-apart',
      comment: 'Chat and System Console are loaded apart: put what both need into webapp/src/ui or webapp/src/client.',
      severity: 'error',
      from: { path: '^webapp/src/(chat|system-console)/' },
      to: { path: '^webapp/src/(chat|system-console)/', pathNot: '^webapp/src/$1/' },
    },
    {
      name: 'ui-is-dumb',
      comment: 'webapp/src/ui gets values and calls back; it fetches nothing and knows no page.',
      severity: 'error',
      from: { path: '^webapp/src/ui/' },
      to: { path: '^webapp/src/(client|app|chat|system-console)/' },
    },
    {
      name: 'client-knows-no-page',
      comment: 'webapp/src/client speaks with the server and draws nothing.',
      severity: 'error',
      from: { path: '^webapp/src/client/' },
      to: { path: '^webapp/src/(ui|app|chat|system-console)/' },
    },
    {
      name: 'pages-know-no-app',
      comment: 'app mounts the pages; a page does not import app. Pass it in, or move it to client or ui.',
      severity: 'error',
      from: { path: '^webapp/src/(chat|system-console)/' },
      to: { path: '^webapp/src/app/' },
    },

    // Everything around the product.
    {
      name: 'e2e-is-outside',
      comment:
        'Browser stories talk to the product through HTTP and the browser: contract and tools may be imported, the product may not.',
      severity: 'error',
      from: { path: '^e2e/' },
      to: { path: '^(server|webapp|bench)/' },
    },
    {
      name: 'cluster-stands-alone',
      comment: 'The embedded cluster knows nothing of the chat that runs on it.',
      severity: 'error',
      from: { path: '^tools/(cluster|faults)/', pathNot: TESTS },
      to: { path: '^(server|contract|webapp|bench|e2e)/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(webapp/)?dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'browser', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.css'],
    },
  },
};
