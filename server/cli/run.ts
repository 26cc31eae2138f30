import { checkConfigFile, type Environment, formatProblem } from '../config/index.ts';
import { parseCommand } from './arguments.ts';
import { runDatabaseCommand } from './database-command.ts';
import { describeStartupFailure } from './startup-failure.ts';

export interface CliDeps {
  /** Starts the server of this configuration; rejects when it cannot start. */
  readonly runServer: (options: { readonly configPath: string; readonly env: Environment }) => Promise<unknown>;
  readonly env: Environment;
  readonly version: string;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** For tests; default: the system's. */
  readonly fetch?: typeof fetch;
}

const HELP = `Holdfast: team chat that stays up while its database does not.

  holdfast server [--config FILE]        run the server on your own databases
  holdfast config check [--config FILE]  say what is wrong with a configuration, without touching a database
  holdfast database status               show the mode and every data source of a running server
  holdfast database test                 connect to every data source and look at it; changes nothing
  holdfast database recycle [--dry-run] [--override NAME]
                                         move to the data sources of the running configuration
  holdfast database switch NAME [--dry-run] [--emergency --confirm NAME]
                                         make another data source the master
  holdfast --help | --version

FILE is config/config.json unless given. MM_<SECTION>_<KEY> in the environment overrides its settings.
Examples are in config/examples.

NAME is a data source as status shows it. --override takes it as the master in spite of red checks, where the dry run says that
this is possible and what is accepted with it.

The database commands speak with the server at --url (http://localhost:8065 unless given) as a system admin, whose token
is in HOLDFAST_TOKEN or in the file of --token-file. --json prints the answer of the server's API. Exit status: 0 done,
1 refused or failed and nothing changed, 2 misuse, 3 failed after the switch.`;

/** Exit codes, as shells and service managers expect them. */
const EXIT = { ok: 0, failed: 1, misuse: 2 } as const;

const startServer = async (configPath: string, deps: CliDeps): Promise<number> => {
  try {
    await deps.runServer({ configPath, env: deps.env });
    return EXIT.ok;
  } catch (error) {
    deps.printError(`Holdfast did not start.\n${describeStartupFailure(error)}`);
    return EXIT.failed;
  }
};

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const checkConfig = async (path: string, { env, print, printError }: CliDeps): Promise<number> => {
  const problems = await checkConfigFile(path, env);
  for (const problem of problems) {
    (problem.severity === 'error' ? printError : print)(`${problem.severity}: ${formatProblem(problem)}`);
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  if (errors > 0) {
    printError(`${path} cannot be used: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}.`);
    return EXIT.failed;
  }
  print(`${path} can be used${warnings > 0 ? `, with ${plural(warnings, 'warning')}` : ''}.`);
  return EXIT.ok;
};

/** Runs a command line (without the program's name) and gives the exit code. Never throws. */
export const main = async (argv: readonly string[], deps: CliDeps): Promise<number> => {
  const command = parseCommand(argv);
  switch (command.name) {
    case 'server':
      return startServer(command.configPath, deps);
    case 'config-check':
      return checkConfig(command.configPath, deps);
    case 'database':
      return runDatabaseCommand(command, deps);
    case 'help':
      deps.print(HELP);
      return EXIT.ok;
    case 'version':
      deps.print(deps.version);
      return EXIT.ok;
    case 'misuse':
      deps.printError(`${command.message}\nTry holdfast --help.`);
      return EXIT.misuse;
  }
};
