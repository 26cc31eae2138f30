import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian's packages that the browser stories need and that npm does not bring. */
const PACKAGES = ['chromium', 'fonts-noto-color-emoji'];

const PLACES = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The machine's own Chromium, or undefined. `CHROMIUM_PATH` overrules the usual places. */
export function findChromium(): string | undefined {
  return PLACES.find((path) => path !== undefined && existsSync(path));
}

/** Finds Chromium, installing it from Debian's packages where we may (root and apt-get). Undefined when there is none afterwards. */
export function provideChromium(print: (line: string) => void): string | undefined {
  const found = findChromium();
  if (found !== undefined || !mayInstall()) return found;
  print(`Installing ${PACKAGES.join(' and ')} from Debian's packages ...`);
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...PACKAGES);
  return findChromium();
}

/** What to say where we may not install. */
export const CHROMIUM_ADVICE = `No Chromium found. Install it (Debian: apt-get install ${PACKAGES.join(' ')}) or set CHROMIUM_PATH.`;

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

function apt(...args: string[]): void {
  spawnSync('apt-get', ['-qq', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
