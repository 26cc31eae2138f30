import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether Debian's packages can be installed from here: by root, where there is apt-get. */
export function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** Installs packages and nothing that they only recommend. Never fails: look afterwards whether they are there. */
export function installPackages(packages: readonly string[], print: (line: string) => void): void {
  print(`Installing ${packages.join(' and ')} from Debian's packages ...`);
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...packages);
}

/** Unpacks a package's files below `folder`: nothing is installed and none of its scripts run. Never fails, as above. */
export function unpackPackage(name: string, folder: string, print: (line: string) => void): void {
  print(`Unpacking Debian's package ${name} ...`);
  const download = mkdtempSync(join(tmpdir(), 'holdfast-package-'));
  try {
    apt('update');
    // As root: the user that apt would take may not enter a temporary folder of ours.
    aptIn(download, '-o', 'APT::Sandbox::User=root', 'download', name);
    for (const file of readdirSync(download)) spawnSync('dpkg-deb', ['-x', join(download, file), folder]);
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}

function apt(...args: string[]): void {
  aptIn('/', ...args);
}

function aptIn(folder: string, ...args: string[]): void {
  spawnSync('apt-get', ['-qq', ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
