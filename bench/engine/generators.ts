import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mainOf } from '../../harness/process/main-of.ts';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** The bundle, which is what an installed package runs. */
const EMBEDDED = [process.execPath, mainOf('engine')];
const AUTOCANNON = [process.execPath, here('node_modules/autocannon/autocannon.js')];

/** A script in `scripts/`. `arrivals` sends requests on a schedule. `realistic` resembles the scripts that teams write. */
export type Script = 'empty' | 'get' | 'realistic' | 'arrivals';

const script = (name: Script): string => here(`scripts/${name}.js`);

/** Returns the command that runs a script in the embedded engine. */
export const embedded = (name: Script, url: string, ...flags: string[]): string[] => [
  ...EMBEDDED,
  'run',
  '--quiet',
  '--insecure-skip-tls-verify',
  '-e',
  `TARGET=${url}`,
  ...flags,
  script(name),
];

/** A load that keeps a number of connections busy for a number of seconds. */
export interface BusyLoad {
  readonly script: Script;
  readonly url: string;
  readonly vus: number;
  readonly seconds: number;
}

export type Generator = 'embedded' | 'embedded, 2 workers' | 'autocannon' | 'wrk' | 'k6';

const vusFor = ({ vus, seconds }: BusyLoad): string[] => ['--vus', String(vus), '--duration', `${seconds}s`];

/**
 * For each generator, the command that generates load. autocannon and wrk always send GET requests, regardless of the
 * script.
 */
export const BUSY: Readonly<Record<Generator, (load: BusyLoad) => string[]>> = {
  embedded: (load) => embedded(load.script, load.url, ...vusFor(load)),
  'embedded, 2 workers': (load) => embedded(load.script, load.url, '--workers', '2', ...vusFor(load)),
  autocannon: ({ url, vus, seconds }) => [...AUTOCANNON, '--json', '-c', String(vus), '-d', String(seconds), url],
  wrk: ({ url, vus, seconds }) => ['wrk', '-t', '1', '-c', String(vus), '-d', `${seconds}s`, url],
  k6: (load) => [
    process.env.K6_BIN ?? 'k6',
    'run',
    '--quiet',
    '--no-usage-report',
    '--address',
    '',
    '--insecure-skip-tls-verify',
    '-e',
    `TARGET=${load.url}`,
    ...vusFor(load),
    script(load.script),
  ],
};

/** Why a generator can't be run here, or undefined if it can. */
export function missing(name: Generator): string | undefined {
  if (name === 'k6' && !process.env.K6_BIN) return 'k6: set K6_BIN to its path';
  if (name === 'wrk' && spawnSync('wrk', ['-v']).error) return 'wrk: install it, for example with apt-get';
  return undefined;
}
