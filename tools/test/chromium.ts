import { existsSync } from 'node:fs';
import { installPackages, mayInstall } from './debian.ts';

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
  installPackages(PACKAGES, print);
  return findChromium();
}

/** What to say where we may not install. */
export const CHROMIUM_ADVICE = `No Chromium found. Install it (Debian: apt-get install ${PACKAGES.join(' ')}) or set CHROMIUM_PATH.`;
