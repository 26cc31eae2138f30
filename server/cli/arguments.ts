import { parseArgs } from 'node:util';

/** `holdfast database ...`. */
export interface DatabaseCommand {
  readonly name: 'database';
  readonly action: 'status' | 'test' | 'recycle' | 'switch';
  readonly url: string;
  readonly tokenFile: string | undefined;
  readonly json: boolean;
  readonly dryRun: boolean;
  /** Of `switch`: the data source that is to be the master. */
  readonly target: string | undefined;
  readonly emergency: boolean;
  readonly confirm: string | undefined;
  /** Of `recycle`: the coming master, to go on in spite of red checks. */
  readonly override: string | undefined;
}

/** What the command line asks for. */
export type Command =
  | { readonly name: 'server' | 'config-check'; readonly configPath: string }
  | DatabaseCommand
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'misuse'; readonly message: string };

const DEFAULT_CONFIG = 'config/config.json';
const DEFAULT_URL = 'http://localhost:8065';

const misuse = (message: string): Command => ({ name: 'misuse', message });

const read = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      config: { type: 'string', short: 'c' },
      url: { type: 'string' },
      'token-file': { type: 'string' },
      json: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      emergency: { type: 'boolean' },
      confirm: { type: 'string' },
      override: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });

type Given = ReturnType<typeof read>;
type Option = keyof Given['values'];

/** What each action of `database` takes beside `--url`, `--token-file` and `--json`. */
const actions: Readonly<Record<DatabaseCommand['action'], readonly Option[]>> = {
  status: [],
  test: [],
  recycle: ['dry-run', 'override'],
  switch: ['dry-run', 'emergency', 'confirm'],
};
const everyAction: readonly Option[] = ['url', 'token-file', 'json'];

const isAction = (text: string): text is DatabaseCommand['action'] => Object.hasOwn(actions, text);

/** An option that the command does not know is a misunderstanding: better said than ignored. */
const foreignOption = ({ values }: Given, allowed: readonly Option[]): Command | undefined => {
  const foreign = (Object.keys(values) as Option[]).find((option) => !allowed.includes(option));
  return foreign === undefined ? undefined : misuse(`--${foreign} has no meaning here.`);
};

const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const databaseCommand = (given: Given): Command => {
  const { values, positionals } = given;
  const [, action = '', target, ...more] = positionals;
  if (!isAction(action)) return misuse('Say what to do: holdfast database status, test, recycle or switch NAME.');
  const foreign = foreignOption(given, [...everyAction, ...actions[action]]);
  if (foreign !== undefined) return foreign;
  const url = values.url ?? DEFAULT_URL;
  if (!isHttpUrl(url)) return misuse('--url needs the address of the server, such as http://localhost:8065.');
  if (more.length > 0 || (action !== 'switch' && target !== undefined)) return misuse('There is a word too many.');
  if (action === 'switch' && target === undefined) {
    return misuse('Name the data source that is to be the master, as `holdfast database status` shows it.');
  }
  return {
    name: 'database',
    action,
    url,
    target,
    tokenFile: values['token-file'],
    json: values.json === true,
    dryRun: values['dry-run'] === true,
    emergency: values.emergency === true,
    confirm: values.confirm,
    override: values.override,
  };
};

/** Turns the arguments after the program's name into a command. Never throws. */
export const parseCommand = (argv: readonly string[]): Command => {
  let given: Given;
  try {
    given = read(argv);
  } catch (error) {
    // Node adds advice on how to pass odd values; its first sentence says what is wrong.
    return misuse(`${String((error as Error).message).split('. ', 1)[0]}.`.replace('..', '.'));
  }
  const { values, positionals } = given;
  if (values.help === true) return { name: 'help' };
  if (values.version === true) return { name: 'version' };
  if (positionals[0] === 'database') return databaseCommand(given);
  if (values.config === '') return misuse('--config needs the path of a file.');
  const configPath = values.config ?? DEFAULT_CONFIG;
  const command = positionals.join(' ');
  if (command !== 'server' && command !== 'config check') {
    return misuse(command === '' ? 'A command is missing.' : `There is no command "${command}".`);
  }
  return foreignOption(given, ['config']) ?? { name: command === 'server' ? 'server' : 'config-check', configPath };
};
