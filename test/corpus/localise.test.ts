import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { valuesFor } from './local/environment.ts';
import { localise } from './local/localise.ts';
import { localiseFolder, withImports } from './local/localise-folder.ts';

const NO_COPIES = () => undefined;

/** Evaluates an expression with the functions that are appended to foreign modules. */
async function evaluated(expression: string): Promise<unknown> {
  const helpers = await readFile(new URL('local/bounded.js', import.meta.url), 'utf8');
  return new Function(`${helpers}\nreturn ${expression};`)();
}

/** Returns the changed lines of a module, without the functions that are appended to it. */
const changed = (text: string, path = 'script.js', local: Parameters<typeof localise>[2] = NO_COPIES) =>
  localise(path, text, local).text.split('\n/* biome-ignore')[0]?.trim();

const perVu = (vus: number) => ({
  executor: 'per-vu-iterations',
  vus,
  iterations: 2,
  maxDuration: '8s',
  gracefulStop: '1s',
});

test.each([
  ['{ vus: 50, duration: "5m" }', { scenarios: { default: perVu(2) } }],
  ['{ stages: [{ duration: "1m", target: 1 }, { duration: "1m", target: 80 }] }', { scenarios: { default: perVu(2) } }],
  ['{ duration: "5m" }', { scenarios: { default: perVu(1) } }],
  ['{ iterations: 1000 }', { iterations: 3 }],
  ['{ iterations: 2, hosts: { "a.test": "10.0.0.1" }, minIterationDuration: "1m" }', { iterations: 2 }],
  [
    '{ thresholds: { checks: ["rate>0.9"] }, duration: 0 }',
    { thresholds: { checks: ['rate>0.9'] }, scenarios: { default: perVu(1) } },
  ],
])('the options %s run for a short time', async (options, expected) => {
  expect(await evaluated(`$bounded(${options})`)).toEqual({ ...expected, insecureSkipTLSVerify: true });
});

test('scenarios keep what they run, with a fixed number of iterations', async () => {
  const scenarios = {
    ramping: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [{ duration: '1m', target: 9 }],
      exec: 'a',
      startTime: '2m',
    },
    arrivals: { executor: 'constant-arrival-rate', rate: 100, duration: '1h', preAllocatedVUs: 1, tags: { a: 'b' } },
    unknown: { executor: 'external', duration: '1h' },
  };
  expect(await evaluated(`$bounded({ scenarios: ${JSON.stringify(scenarios)} })`)).toEqual({
    insecureSkipTLSVerify: true,
    scenarios: {
      ramping: { ...perVu(2), exec: 'a' },
      arrivals: { ...perVu(1), tags: { a: 'b' } },
      unknown: scenarios.unknown,
    },
  });
});

test('what is no number or object is passed on, so that both engines reject it', async () => {
  expect(await evaluated("[$bounded('text'), $sleepTime('soon'), $timerDelay(undefined), $bounded(null)]")).toEqual([
    'text',
    'soon',
    undefined,
    null,
  ]);
  expect(await evaluated("$bounded({ iterations: 'many' }).iterations")).toBe('many');
});

test('pauses are short, and longer timers remain longer', async () => {
  expect(await evaluated('[0.01, 1, "30"].map($sleepTime)')).toEqual([0.01, 0.02, 0.02]);
  expect(await evaluated('[0, 20, 100, 1_000, 5_000].map($timerDelay)')).toEqual([0, 20, 25, 70, 270]);
  const [leave = 0, close = 0, end = 0] = (await evaluated('[60_000, 63_000, 1e6].map($timerDelay)')) as number[];
  expect(close - leave).toBeGreaterThan(5);
  expect(end).toBeLessThan(2_000);
});

test('random numbers are between 0 and 1, and the same in every run', async () => {
  const numbers = (await evaluated('Array.from({ length: 1000 }, $random)')) as number[];
  expect(numbers).toEqual(await evaluated('Array.from({ length: 1000 }, $random)'));
  expect(new Set(numbers).size).toBeGreaterThan(990);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(numbers.every((number) => number.toString(36).length <= '0.1234567890'.length)).toBe(true);
  expect(numbers.reduce((sum, number) => sum + number) / 1000).toBeCloseTo(0.5, 1);
});

test.each([
  ['sleep(5);', 'sleep($sleepTime(5));'],
  ['k6.sleep(Math.random() * 3);', 'k6.sleep($sleepTime($random() * 3));'],
  ['setTimeout(() => sleep(1), 1000);', 'setTimeout(() => sleep($sleepTime(1)), $timerDelay(1000));'],
  ['socket.setInterval(ping, 1e3);', 'socket.setInterval(ping, $timerDelay(1e3));'],
  ['export const options = { vus: 9 };', 'export const options = $bounded({ vus: 9 });'],
  ['const options = {}; export { options };', 'const options = $bounded({}); export { options };'],
  ['module.exports.options = { vus: 9 };', 'module.exports.options = $bounded({ vus: 9 });'],
  ["import http from 'k6/http';", "import http from 'k6/http';"],
])('%s becomes local', (text, expected) => {
  expect(changed(text)).toBe(expected);
});

test('types stay, also beside a change', () => {
  expect(changed('export const options: Options = { vus: 9 as number } satisfies Options;', 'script.ts')).toBe(
    'export const options: Options = $bounded({ vus: 9 as number }) satisfies Options;',
  );
});

test('a remote module is replaced by its copy', () => {
  const text = `import { a } from 'https://jslib.k6.io/a/1/index.js';\nexport * from 'https://other.test/b.js';`;
  const local = (url: string) => (url.includes('jslib') ? '../jslib/a/1/index.js' : undefined);
  expect(changed(text, 'script.js', local)).toBe(
    `import { a } from "../jslib/a/1/index.js";\nexport * from 'https://other.test/b.js';`,
  );
});

test('a module that is no JavaScript stays as it is', () => {
  expect(localise('script.js', 'export const = ;', NO_COPIES)).toMatchObject({
    text: 'export const = ;',
    isParsed: false,
  });
});

test('variables without a default get a value that suits their name', () => {
  const { environment } = localise(
    'script.js',
    `const { HOST, LEVEL } = __ENV;
    go(__ENV.BASE_URL, __ENV['API_TOKEN'], __ENV.OTHER_URL || 'x', __ENV.URL ? __ENV.URL : 'y', __ENV.K6_URL, __ENV[name]);`,
    NO_COPIES,
  );
  expect(valuesFor(environment)).toEqual({
    HOST: 'corpus.test',
    BASE_URL: 'https://corpus.test',
    API_TOKEN: 'corpus',
  });
});

test('a folder is copied, and its scripts are found', async () => {
  const folder = await temporaryFolder();
  const files = {
    'from/a/main.js': `import { sleep } from 'k6';\nimport './lib.js';\nimport 'https://jslib.k6.io/u/1/index.js';\nexport default () => sleep(9);`,
    'from/a/lib.js': `export const data = open('./data.json') + open('../no.csv') + open('../../no.txt');`,
    'from/a/data.json': '{}',
    'from/b.ts': `import http from 'k6/http';\nexport const helper = (url: string) => http.get(url);`,
    'jslib/u/1/index.js': 'export const seed = Math.random();',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const local = await localiseFolder(join(folder, 'from'), join(folder, 'to'), join(folder, 'jslib'));
  expect(local.scripts).toEqual(['scripts/a/main.js']);
  expect([...withImports(local, 'scripts/a/main.js').keys()]).toEqual([
    'scripts/a/main.js',
    'scripts/a/lib.js',
    'jslib/u/1/index.js',
  ]);
  const read = (name: string) => readFile(join(folder, 'to', name), 'utf8');
  expect(await read('scripts/a/data.json')).toBe('{}');
  expect(await read('scripts/no.csv')).toContain('username,password');
  expect(await read('scripts/a/main.js')).toContain('import "../../jslib/u/1/index.js"');
  expect(await read('jslib/u/1/index.js')).toContain('seed = $random()');
});
