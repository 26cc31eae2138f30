import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type Command =
  | { readonly name: 'server' | 'config-check'; readonly configPath: string }
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'misuse'; readonly message: string };

const DEFAULT_CONFIG = 'config/config.json';

const misuse = (message: string): Command => ({ name: 'misuse', message });

const read = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      config: { type: 'string', short: 'c' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });

/** Turns the arguments after the program's name into a command. Never throws. */
export const parseCommand = (argv: readonly string[]): Command => {
  let given: ReturnType<typeof read>;
  try {
    given = read(argv);
  } catch (error) {
    // Node adds advice on how to pass odd values; its first sentence says what is wrong.
    return misuse(`${String((error as Error).message).split('. ', 1)[0]}.`.replace('..', '.'));
  }
  const { values, positionals } = given;
  if (values.help === true) return { name: 'help' };
  if (values.version === true) return { name: 'version' };
  if (values.config === '') return misuse('--config needs the path of a file.');
  const configPath = values.config ?? DEFAULT_CONFIG;
  const command = positionals.join(' ');
  if (command === 'server') return { name: 'server', configPath };
  if (command === 'config check') return { name: 'config-check', configPath };
  return misuse(command === '' ? 'A command is missing.' : `There is no command "${command}".`);
};
