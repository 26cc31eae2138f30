import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const require = createRequire(import.meta.url);
const emojiFile = (name: string) => readFileSync(require.resolve(`emojibase-data/en/${name}`), 'utf8');

interface EmojibaseEntry {
  emoji: string;
  hexcode: string;
}

/** `[emoji, name, ...other names]` per emoji, for `:name:` in messages and for reactions. */
function emojiNames(): string {
  const entries = JSON.parse(emojiFile('data.json')) as EmojibaseEntry[];
  const github = JSON.parse(emojiFile('shortcodes/github.json')) as Record<string, string | string[]>;
  const slack = JSON.parse(emojiFile('shortcodes/iamcal.json')) as Record<string, string | string[]>;
  const rows = entries.map(({ emoji, hexcode }) => [
    emoji,
    ...new Set([github[hexcode] ?? [], slack[hexcode] ?? []].flat()),
  ]);
  return JSON.stringify(rows.filter((row) => row.length > 1));
}

/** Serves and ships the emoji data from our own host: the picker's default is a public CDN. */
function localEmojiData(): Plugin {
  const files: Record<string, () => string> = {
    'emoji/en/data.json': () => emojiFile('data.json'),
    'emoji/en/messages.json': () => emojiFile('messages.json'),
    'emoji/names.json': emojiNames,
  };
  return {
    name: 'holdfast-local-emoji-data',
    generateBundle() {
      for (const [fileName, source] of Object.entries(files)) {
        this.emitFile({ type: 'asset', fileName, source: source() });
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const source = files[(request.url ?? '').slice(1)];
        if (!source) return next();
        response.setHeader('Content-Type', 'application/json');
        response.end(source());
      });
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), localEmojiData()],
  // The server replaces the placeholder with the nonce of each answer.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../dist/webapp',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    // No asset as a data: address, the content policy allows none.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Of the contract the pages use types and a few names; its schemas (and zod with them) stay out.
      treeshake: { moduleSideEffects: (id) => !/\/contract\//.test(id) },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: 'http://127.0.0.1:8065', ws: true },
      '/socket.io': { target: 'http://127.0.0.1:8065', ws: true },
    },
  },
});
