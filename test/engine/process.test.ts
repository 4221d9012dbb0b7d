import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readProc } from '../../harness/machine/proc.ts';
import { startTarget } from '../k6-golden/target.mjs';
import { eventually } from '../support/eventually.ts';
import { isAlive } from '../support/is-alive.ts';
import { called, product } from '../support/product.ts';
import { REAL_TIME } from '../support/real-time.ts';
import { type EngineRun, errors, runEngine, said, script, startEngine } from './engine-process.ts';
import { runSource } from './run-source.ts';

let folder: string;
let target: Awaited<ReturnType<typeof startTarget>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-process-'));
  target = await startTarget();
});

afterAll(async () => {
  await target.close();
  await rm(folder, { recursive: true, force: true });
});

const flags = () => ['--quiet', '--log-format', 'json', '-e', `TARGET=${target.url}`];
const run = (name: string, args: readonly string[] = []) =>
  runEngine(['run', ...flags(), ...args, script(name)], folder);

test.concurrent('prints its version and that of Node', async () => {
  const { exitCode, stdout } = await runEngine(['version'], folder);
  expect(stdout).toMatch(/^proofload-embedded v\d+\.\d+\.\d+ \(node v24\.\d+\.\d+\)\n$/);
  expect(exitCode).toBe(0);
});

test.concurrent('ends an iteration on any script error or unsettled promise, and continues with the next one', async () => {
  const result = await run('misbehaves');
  expect(errors(result)).toEqual([
    'Uncaught (in promise) Error: in a microtask',
    'Uncaught (in promise) Error: in an interval',
    'Uncaught (in promise) undefined',
    'Uncaught (in promise) Error: thrown in a microtask',
    'Uncaught (in promise) Error: late',
  ]);
  expect(said(result)).toEqual([]);
  expect(result.exitCode).toBe(0);
});

test.concurrent.each(['SIGINT', 'SIGTERM'] as const)(
  'on %s interrupts iterations, runs teardown and exits with 105',
  async (signal) => {
    const engine = startEngine(['run', ...flags(), script('waits')], folder);
    await engine.saw('iteration begins');
    engine.child.kill(signal);
    const result = await engine.ended;
    expect(said(result)).toEqual(['iteration begins', 'iteration begins', 'teardown runs']);
    expect(result.exitCode).toBe(105);
  },
);

/** A function that blocks the thread without end. The thread that watches for signals has usually started when it logs. */
const ENDLESS = `
  function endless() {
    for (const end = Date.now() + 1000; Date.now() < end; );
    console.log('endless');
    for (;;) try { JSON.parse('no JSON'); } catch {}
  }`;

/** Whether a process has a handler for a signal, if the system tells: only Linux does. */
function catches(pid: number | undefined, signal: NodeJS.Signals): boolean {
  const [, caught] = /^SigCgt:\t(\w+)$/m.exec(readProc(`${pid}/status`) ?? '') ?? [];
  return caught === undefined || (BigInt(`0x${caught}`) >> BigInt(constants.signals[signal] - 1)) % 2n === 1n;
}

async function signalled(source: string, signals: readonly NodeJS.Signals[], args: readonly string[] = []) {
  const file = join(folder, `${randomUUID()}.js`);
  await writeFile(file, `${ENDLESS}\n${source}`);
  const engine = startEngine(['run', ...flags(), ...args, file], folder);
  await engine.saw('endless');
  for (const signal of signals) {
    await eventually(() => expect(catches(engine.child.pid, signal)).toBe(true));
    await setTimeout(300);
    engine.child.kill(signal);
  }
  const { exitCode, stderr } = await engine.ended;
  return { exitCode, said: said({ exitCode, stderr, stdout: '' }) };
}

test.concurrent.each([
  ['init code', 'endless(); export default () => {};', []],
  [
    'setup',
    "export const setup = endless; export default () => {}; export const teardown = () => console.log('no');",
    [],
  ],
  ['an iteration', "export default endless; export const teardown = () => console.log('teardown');", ['teardown']],
  ['handleSummary', 'export default () => {}; export const handleSummary = endless;', []],
])('a signal ends an endless loop in %s', async (_, source, after) => {
  expect(await signalled(source, ['SIGTERM'])).toEqual({ exitCode: 105, said: ['endless', ...after] });
});

test.concurrent('a signal ends endless loops in all threads', async () => {
  const source =
    "export const options = { vus: 2 }; export default endless; export const teardown = () => console.log('teardown');";
  const run = await signalled(source, ['SIGINT'], ['--workers', '2']);
  expect({ ...run, said: run.said.at(-1) }).toEqual({ exitCode: 105, said: 'teardown' });
});

test.concurrent('a second signal ends a teardown, which outlasts the first one like in k6', REAL_TIME, async () => {
  const source = 'export default () => {}; export const teardown = endless;';
  expect(await signalled(source, ['SIGINT', 'SIGINT'])).toEqual({ exitCode: 105, said: ['endless'] });
});

test.concurrent.each([
  ['init code', '%; export default () => {};'],
  ['an iteration', 'export default () => { % };'],
])('a second signal kills the process if native code blocks %s', async (_, source) => {
  const file = join(folder, `${randomUUID()}.js`);
  const regular = "console.log('begun'); /^(a+)+$/.test('a'.repeat(60) + 'b');";
  await writeFile(file, source.replace('%', regular));
  const engine = startEngine(['run', ...flags(), file], folder);
  await engine.saw('begun');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    await setTimeout(500);
    engine.child.kill(signal);
  }
  const { stderr } = await engine.ended;
  expect(engine.child.signalCode).toBe('SIGKILL');
  expect(stderr).toContain('the script could not be interrupted, so the process is killed');
});

test.concurrent('continues if creating a VU fails during the test, like k6', async () => {
  const result = await runSource(`
    import { sleep } from 'k6';
    if (__VU > 1) throw new Error('no more');
    export const options = { scenarios: { some: {
      executor: 'constant-arrival-rate', rate: 4, duration: '1s', preAllocatedVUs: 1, maxVUs: 2,
    } } };
    export default () => sleep(0.4);
  `);
  expect(new Set(result.errors)).toEqual(new Set(['Error while allocating unplanned VU: Error: no more']));
  expect(result.metrics.iterations?.count).toBeGreaterThan(1);
  expect(result.exitCode).toBe(0);
});

test.concurrent('exits when the process that started it is killed', async () => {
  const code = `
    const { spawn } = require('node:child_process');
    const [command, ...args] = process.argv.slice(1);
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.once('data', () => { console.log(child.pid); process.kill(process.pid, 'SIGKILL'); });`;
  const engine = called(product.engine('run'), ['run', ...flags(), script('waits')]).flat();
  const starter = spawn(process.execPath, ['-e', code, ...engine]);
  const pid = Number(await text(starter.stdout));
  expect(pid).toBeGreaterThan(0);
  await eventually(() => expect(isAlive(pid)).toBe(false));
});

// Alone, because the target counts all requests.
test('retries a GET if a keep-alive connection turns out to be closed, but never a POST', async () => {
  expect(said(await run('resends'))).toEqual([
    'GET on a new connection EOF arrived 1 connection 2',
    'GET on a kept one EOF arrived 3 connection 4',
    'POST on a kept one EOF arrived 4 connection 5',
    'reset: GET on a kept one read: connection reset by peer arrived 2 connection 7',
  ]);
});

test.concurrent('follows redirects up to the limit, with the method that the status requires', async () => {
  expect(said(await run('redirects'))).toEqual([
    'three hops 200 /redirect/0 end of redirects',
    'one allowed 302 /redirect/1 0',
    'beyond 302 /redirect/5 ""',
    '301 GET ""',
    '302 GET ""',
    '303 GET ""',
    '307 POST "a body"',
    '308 POST "a body"',
  ]);
});

test.concurrent('keeps cookies within an iteration, but not across iterations', async () => {
  const iteration = [
    'starts with ""',
    'after set-cookie a=1; b=2',
    'after set and delete b=2; c=3',
    'replaced b=9; c=3',
    'added b=2; b=8; c=3; d=4',
    'own jar own=jar',
    'after clear c=3',
    'after a redirect c=3; r=1',
  ];
  expect(said(await run('cookies'))).toEqual([...iteration, ...iteration]);
});

test.concurrent('rejects an unsupported k6 module by name', async () => {
  const result = await run('imports-missing-name');
  expect(errors(result)[0]).toContain('the module k6/net/grpc is not available in the embedded engine');
  expect(result.exitCode).toBe(107);
});

test.concurrent('rejects a script without exported functions with exit code 255, like k6', async () => {
  const result = await runSource('module.exports.options = {};');
  expect([result.errors, result.exitCode]).toEqual([['no exported functions in script'], 255]);
});

test.concurrent('reads the work from K6_* variables and flags, and skips disabled parts', async () => {
  const environment = { K6_ITERATIONS: '2', K6_NO_SETUP: 'true', K6_NO_TEARDOWN: '1', K6_NO_THRESHOLDS: 'true' };
  const result = await runEngine(['run', ...flags(), script('numbers')], folder, environment);
  expect(said(result)).toEqual(['1 1 0 0', '1 1 1 1']);
  expect(result.exitCode).toBe(0);
  const none = await runEngine(['run', '--quiet', '--summary-mode=disabled', script('numbers')], folder, {
    K6_LOG_FORMAT: 'json',
  });
  expect([none.stdout, none.exitCode]).toEqual(['', 99]);
});

test.concurrent('prints the summary with --quiet, like k6', async () => {
  const { stdout } = await runEngine(['run', '-q', '--no-thresholds', script('numbers')], folder);
  expect(stdout).toContain('iterations');
});

test.concurrent('runs TypeScript that imports and exports types as if they were values', async () => {
  const source = `
    import { Options } from 'k6/options';
    import { sleep } from 'k6';
    import { User, make } from './user.ts';
    export const options: Options = { iterations: 1 };
    export default function (): void { const user: User = make('me'); sleep(0.01); console.log(user.name); }`;
  const files = {
    'user.ts':
      'interface User { name: string }\nconst make = (name: string): User => ({ name });\nexport { User, make };',
  };
  const result = await runSource(source, { files });
  expect([result.errors, result.said, result.exitCode]).toEqual([[], ['me'], 0]);
});

test.concurrent('runs a segment of a test: two of them together do the work of one, with distinct numbers', async () => {
  const sequence = ['--execution-segment-sequence', '0,1/2,1', '--no-setup', '--no-teardown', '--no-thresholds'];
  const [first, second] = await Promise.all(
    ['0:1/2', '1/2:1'].map((segment) => run('numbers', [...sequence, '--execution-segment', segment])),
  );
  const numbers = [first, second].map((result) => said(result as EngineRun).map((line) => line.split(' ').map(Number)));
  const iterations = numbers.map((lines) => lines.map(([, , inTest]) => inTest).sort((a = 0, b = 0) => a - b));
  // The first instance has two of the three VUs, and therefore two of every three iterations.
  expect(iterations).toEqual([
    [0, 2, 3, 5, 6, 8, 9],
    [1, 4, 7],
  ]);
  expect(new Set(numbers[0]?.map(([inTest, inInstance]) => `${inTest} ${inInstance}`))).toEqual(
    new Set(['1 1', '3 2']),
  );
  expect(new Set(numbers[1]?.map(([inTest, inInstance]) => `${inTest} ${inInstance}`))).toEqual(new Set(['2 1']));
});

test.concurrent('runs a script from standard input, whose imports are relative to the working directory', async () => {
  await writeFile(join(folder, 'value.js'), 'export const value = 5;');
  const source = `import { value } from './value.js'; export default () => console.log('value', value);`;
  const run = (args: string[]) => startEngine(['run', ...flags(), ...args, '-'], folder, {}, source).ended;
  expect(said(await run(['-i', '2']))).toEqual(['value 5', 'value 5']);
  expect(await run(['--workers', '2'])).toMatchObject({
    exitCode: 104,
    stderr: expect.stringContaining('--workers 2'),
  });
});

test.concurrent('exits with 255 if there is no such script', async () => {
  expect((await runEngine(['run', 'none.js'], folder)).exitCode).toBe(255);
});
