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

/**
 * Runs a program in a terminal with this number of columns, and returns what it writes there. It has colors unless the
 * environment has NO_COLOR.
 */
export function outputInTerminal(
  columns: number,
  [file, args]: readonly [string, readonly string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { CI, NO_COLOR, FORCE_COLOR, GITHUB_ACTIONS, CONTRACT, ...inherited } = process.env;
  const env = { ...inherited, TERM: 'xterm-256color', ...environment };
  const command = `stty cols ${columns} rows 50; exec ${[file, ...args].map(quoted).join(' ')}`;
  return new Promise((resolve) => {
    execFile('script', ['-qec', command, '/dev/null'], { env }, (_, out, err) =>
      resolve((out + err).replaceAll('\r\n', '\n')),
    );
  });
}
