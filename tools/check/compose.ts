import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Checker } from './checker.ts';
import { outputLines, runCommand, runTool } from './run-tool.ts';

const COMPOSE_FILE = 'docker-compose.yml';

interface Service {
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly volumes?: readonly (string | { readonly type: string; readonly source?: string })[];
  readonly build?: string | { readonly context?: string; readonly dockerfile?: string };
  readonly env_file?: string | readonly string[];
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

/** The compose file without an engine: its schema (dclint), its references (below), and the real parser where it is installed. */
export const composeChecker: Checker = {
  name: 'compose',
  async run(root) {
    if (!existsSync(join(root, COMPOSE_FILE)))
      return { findings: [`${COMPOSE_FILE} is missing`], checked: 0, unit: 'services' };
    const file = parse(await readFile(join(root, COMPOSE_FILE), 'utf8')) as ComposeFile;
    const findings = [
      ...(await schemaFindings(root)),
      ...referenceFindings(root, file),
      ...(await parserFindings(root)),
    ];
    return { findings, checked: Object.keys(file.services ?? {}).length, unit: 'services' };
  },
};

async function schemaFindings(root: string): Promise<string[]> {
  const run = await runTool('dclint', ['--quiet', '--color=false', '--formatter', 'unix', COMPOSE_FILE], root);
  return run.code === 0 ? [] : outputLines(run);
}

/** The official parser needs no daemon for this; machines without it rely on the two checks above. */
async function parserFindings(root: string): Promise<string[]> {
  try {
    const run = await runCommand('docker-compose', ['-f', COMPOSE_FILE, 'config', '-q'], root);
    return run.code === 0 ? [] : outputLines(run);
  } catch {
    return [];
  }
}

/** What a schema cannot see: names that must be declared elsewhere in the file, and files that must exist. */
function referenceFindings(root: string, file: ComposeFile): string[] {
  const declared = new Set(Object.keys(file.volumes ?? {}));
  return Object.entries(file.services ?? {}).flatMap(([name, service]) => {
    const services = dependencies(service).filter((other) => !(other in file.services));
    const sources = (service.volumes ?? []).map(volumeSource).filter((source) => source !== undefined);
    const volumes = sources.filter((source) => !isPath(source) && !declared.has(source));
    const files = [...sources.filter((source) => source.startsWith('.')), ...requiredFiles(service)];
    return [
      ...services.map((other) => `${COMPOSE_FILE}: ${name} depends on ${other}, which is no service`),
      ...volumes.map((volume) => `${COMPOSE_FILE}: ${name} uses the volume ${volume}, which is not declared`),
      ...files
        .filter((path) => !existsSync(join(root, path)))
        .map((path) => `${COMPOSE_FILE}: ${name} needs ${path}, which is missing`),
    ];
  });
}

function dependencies({ depends_on = [] }: Service): string[] {
  return Array.isArray(depends_on) ? [...(depends_on as readonly string[])] : Object.keys(depends_on);
}

function volumeSource(volume: string | { readonly type: string; readonly source?: string }): string | undefined {
  if (typeof volume !== 'string') return volume.type === 'tmpfs' ? undefined : volume.source;
  return volume.includes(':') ? volume.slice(0, volume.indexOf(':')) : undefined;
}

function requiredFiles({ build, env_file = [] }: Service): string[] {
  const context = typeof build === 'string' ? build : (build?.context ?? '.');
  const dockerfile = (typeof build === 'object' ? build.dockerfile : undefined) ?? 'Dockerfile';
  const built = build === undefined ? [] : [join(context, dockerfile)];
  return [...built, ...(typeof env_file === 'string' ? [env_file] : env_file)];
}

function isPath(source: string): boolean {
  return /^[./~$]/.test(source);
}
