import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const projectRoot = join(import.meta.dirname, '..', '..');

/** A small tree outside the project that a checker can be pointed at, with the project's own settings and packages. */
export interface SampleTree extends AsyncDisposable {
  readonly root: string;
}

/**
 * Lays `files` (path -> text) into a new temporary folder beside copies of the project's `configs`.
 * The canaries plant their faults in such trees: the project itself must stay green.
 */
export async function openSampleTree(
  files: Readonly<Record<string, string>>,
  configs: readonly string[] = [],
): Promise<SampleTree> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-sample-'));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  await write('package.json', '{\n  "name": "sample",\n  "type": "module"\n}\n');
  for (const config of configs) {
    await mkdir(dirname(join(root, config)), { recursive: true });
    await cp(join(projectRoot, config), join(root, config));
  }
  for (const [path, text] of Object.entries(files)) await write(path, text);
  await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'), 'dir');
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}
