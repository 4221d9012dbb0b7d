import { fileURLToPath } from 'node:url';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const EMBEDDED = [process.execPath, here('../../engine/main.ts')];
const AUTOCANNON = [process.execPath, here('node_modules/autocannon/autocannon.js')];

/**
 * Returns the path to a script in this folder. `get` sends one request per iteration, and `arrivals` does so on a
 * schedule.
 */
const script = (name: string): string => here(`scripts/${name}.js`);

/** Returns the command that runs a script in the embedded engine. */
export const embedded = (name: string, url: string, ...flags: string[]): string[] => [
  ...EMBEDDED,
  'run',
  '--quiet',
  '-e',
  `TARGET=${url}`,
  ...flags,
  script(name),
];

/** For each generator, the command that keeps a given number of connections busy for a given number of seconds. */
export const BUSY: Readonly<
  Record<'embedded' | 'autocannon' | 'k6', (url: string, vus: number, s: number) => string[]>
> = {
  embedded: (url, vus, s) => embedded('get', url, '--vus', String(vus), '--duration', `${s}s`),
  autocannon: (url, vus, s) => [...AUTOCANNON, '--json', '-c', String(vus), '-d', String(s), url],
  k6: (url, vus, s) => [
    process.env.K6_BIN ?? 'k6',
    'run',
    '--quiet',
    '--no-usage-report',
    '--address',
    '',
    '-e',
    `TARGET=${url}`,
    '--vus',
    String(vus),
    '--duration',
    `${s}s`,
    script('get'),
  ],
};
