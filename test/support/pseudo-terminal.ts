import { execFile, spawnSync } from 'node:child_process';

/**
 * Why there is no pseudo-terminal on this machine, or undefined if there is one. Debian and Ubuntu always have `script`
 * of util-linux, unlike Python.
 */
export const noTerminal: string | undefined = /util-linux/.test(spawnSync('script', ['--version']).stdout?.toString())
  ? undefined
  : '`script` of util-linux is not installed (apt-get install bsdutils)';

if (noTerminal) console.warn(`tests in a pseudo-terminal are skipped: ${noTerminal}`);

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Returns the command that runs Node with these arguments in a terminal with this number of columns. */
const inTerminal = (columns: number, args: readonly string[]): [string, string[]] => [
  'script',
  ['-qec', `stty cols ${columns} rows 50; exec ${[process.execPath, ...args].map(quoted).join(' ')}`, '/dev/null'],
];

/** Runs Node in a terminal, and returns what it writes there. It has colors unless the environment has NO_COLOR. */
export const outputInTerminal = (
  columns: number,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const { CI, NO_COLOR, FORCE_COLOR, GITHUB_ACTIONS, ...inherited } = process.env;
  const env = { ...inherited, TERM: 'xterm-256color', ...environment };
  return new Promise((resolve) => {
    execFile(...inTerminal(columns, args), { env }, (_, out, err) => resolve((out + err).replaceAll('\r\n', '\n')));
  });
};
