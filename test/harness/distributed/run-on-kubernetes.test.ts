import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { gather } from '../../../harness/distributed/gather.ts';
import { worst } from '../../../harness/verdict/finding.ts';
import { TEST_MS } from '../../support/limits.ts';
import { distributed, folderWith } from './distribution.ts';
import { sampleLines, totalsLine } from './part-lines.ts';

const SCRIPT = `
import { Counter } from 'k6/metrics';
new Counter('sold');
export const options = { vus: 2, duration: '1s', thresholds: { sold: ['count>1'] } };
export default () => {};`;

/**
 * A stand-in for kubectl with a cluster in its folder. `stages` and `jobs` have one answer per line, of which the last
 * one remains. `pod-N` and `log-N` are those of a part, and an object is a file in `objects`.
 */
const KUBECTL = `#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >> calls
mkdir -p objects
next() { sed -n 1p "$1"; if [ "$(wc -l < "$1")" -gt 1 ]; then sed -i 1d "$1"; fi; }
case "$1 $2" in
'create -f')
  if [ -e "objects/$3" ]; then echo "Error from server (AlreadyExists): $3" >&2; exit 1; fi
  if [ -e "refused-$3" ]; then echo 'Error from server (Forbidden)' >&2; exit 1; fi
  : > "objects/$3" ;;
'delete -f') rm -f "objects/$3" ;;
'get testrun') [ ! -e unreachable ] || exit 1; next stages ;;
'get jobs') next jobs | tr ' ' '\\n' ;;
'get pods') part=\${4#job-name=*-*-}; part=\${part%%,*}; cat "pod-$part" ;;
logs*) cat "log-\${2#pod-}" ;;
*) echo "unknown: $*" >&2; exit 1 ;;
esac
`;

interface Cluster {
  readonly stages?: readonly string[];
  /** Answers of name, active and failed pods of Jobs, separated by spaces. \`NAME\` is the name of the run. */
  readonly jobs?: readonly string[];
  /** How the containers of both parts ended: exit code, reason and restarts. */
  readonly ended?: readonly [string, string];
  readonly log?: (lines: string[]) => string[];
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
}

async function clusterOf(given: Cluster = {}) {
  const folder = await folderWith({ 'test.ts': SCRIPT });
  const out = await distributed(folder, { env: { TOKEN: 'x' } });
  const { run } = JSON.parse(await readFile(join(out, 'plan.json'), 'utf8'));
  const { stages = ['', 'initialization', 'created', 'started', 'finished'], jobs = [''] } = given;
  const { ended = ['0,Completed,0', '0,Completed,0'], log = (lines) => lines } = given;
  const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;
  await writeFile(join(folder, 'kubectl'), KUBECTL, { mode: 0o755 });
  await writeFile(join(folder, 'stages'), text(stages));
  await writeFile(join(folder, 'jobs'), text(jobs.map((line) => line.replaceAll('NAME', `test-${run}`))));
  for (const [file, content] of Object.entries(given.files ?? {})) await writeFile(join(folder, file), content);
  for (const part of [1, 2]) {
    const samples = sampleLines(run, part, { sold: 'counter' }, [{ metric: 'sold', value: 1 }]);
    const totals = totalsLine(run, { sold: { type: 'counter', values: { count: 1 } } });
    await writeFile(join(folder, `pod-${part}`), ended[part - 1] === '' ? '' : `pod-${part},${ended[part - 1]}\n`);
    await writeFile(join(folder, `log-${part}`), text(log(['level=info msg="of the log"', ...samples, totals])));
  }
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, POLL: '0.02', ...given.env };
  const start = async () => {
    const before = performance.now();
    const { code, stderr } = await promisify(execFile)(join(out, 'run-on-kubernetes.sh'), {
      cwd: out,
      env,
      timeout: TEST_MS,
    }).then(
      ({ stderr }) => ({ code: 0, stderr }),
      (error: { code: number; stderr: string }) => error,
    );
    return { code, stderr, seconds: (performance.now() - before) / 1_000 };
  };
  const read = (file: string) => readFile(join(folder, file), 'utf8').catch(() => '');
  const calls = async () => (await read('calls')).split('\n');
  const judged = async () => {
    const { findings } = await gather(out);
    const ofParts = findings.filter(({ check }) => check.startsWith('part'));
    return {
      verdict: worst(findings.map(({ verdict }) => verdict)),
      parts: ofParts
        .map(({ check, observed, evidence = [] }) => `${check}: ${[observed, ...evidence].join('; ')}`)
        .join('\n'),
    };
  };
  return {
    folder,
    out,
    run,
    env,
    start,
    calls,
    judged,
    exists: async (name: string) =>
      (await read('calls')) && (await readFile(join(folder, 'objects', name)).catch(() => undefined)) !== undefined,
  };
}

test('creates the objects, saves the samples of each part with its exit code, and deletes the objects', async () => {
  const cluster = await clusterOf();
  const { code, stderr } = await cluster.start();
  expect({ code, stderr }).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('part 2: samples-2.json, exit code 0, Completed'),
  });
  expect((await cluster.calls()).slice(0, 3)).toEqual([
    'create -f configmap.yaml',
    'create -f secret.yaml',
    'create -f testrun.yaml',
  ]);
  expect(await cluster.judged()).toEqual({ verdict: 'PASS', parts: '' });
  expect(await cluster.exists('testrun.yaml')).toBe(false);
  expect(await cluster.exists('secret.yaml')).toBe(false);
});

test('a run that exists already is not started again, and its logs are not read', async () => {
  const cluster = await clusterOf({ env: { KEEP: '1' } });
  await cluster.start();
  const saved = await readFile(join(cluster.out, 'samples-1.json'), 'utf8');
  await writeFile(join(cluster.folder, 'calls'), '');
  const { code, stderr } = await cluster.start();
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('this run was started before') });
  expect((await cluster.calls()).filter((call) => /^(logs|delete)/.test(call))).toEqual([]);
  expect(await readFile(join(cluster.out, 'samples-1.json'), 'utf8')).toBe(saved);
});

test('selects the pods by the id of the run', async () => {
  const cluster = await clusterOf();
  await cluster.start();
  const selected = (await cluster.calls())
    .filter((call) => call.includes(' pods '))
    .map((call) => /-l (\S+)/.exec(call)?.[1]);
  expect(selected).toEqual([1, 2].map((part) => `job-name=test-${cluster.run}-${part},proofload-run=${cluster.run}`));
});

test('starts no test if an object is refused, and deletes the ones that it created', async () => {
  const cluster = await clusterOf({ files: { 'refused-secret.yaml': '' } });
  const { code } = await cluster.start();
  expect(code).toBe(1);
  expect(await cluster.calls()).not.toContain('create -f testrun.yaml');
  expect(await cluster.exists('configmap.yaml')).toBe(false);
});

test.each<[string, Cluster, string, string]>([
  [
    'the operator reports an error',
    { stages: ['', 'error'], ended: ['', ''] },
    'the operator reports an error',
    'part 1: its samples are missing',
  ],
  [
    'the Job that reads the script fails',
    { stages: ['initialization'], jobs: ['NAME-initializer,,1'], ended: ['', ''] },
    'these Jobs failed: test-',
    'part 2: its samples are missing',
  ],
  [
    'a part fails before the start',
    { stages: ['created'], jobs: ['NAME-initializer,, NAME-1,1, NAME-2,,1'], ended: [',,0', '137,OOMKilled,0'] },
    'these Jobs failed: test-',
    'part 2: ',
  ],
  [
    'the starter fails',
    { stages: ['started'], jobs: ['NAME-starter,,1 NAME-1,1, NAME-2,1,'], ended: [',,0', ',,0'] },
    'these Jobs failed: test-',
    'no exit code of k6',
  ],
  [
    'all parts fail while the operator is away',
    {
      stages: ['started'],
      jobs: ['NAME-1,1, NAME-2,1,', 'NAME-1,,1 NAME-2,1,', 'NAME-1,,1 NAME-2,,1'],
      ended: ['137,OOMKilled,0', '255,Error,0'],
    },
    'these Jobs failed: test-',
    'k6 killed by signal 9',
  ],
  [
    'it does not end in time',
    { stages: ['created'], env: { TIMEOUT: '1' }, ended: [',,0', ',,0'] },
    'it took too long',
    'no exit code of k6',
  ],
  [
    'the state can not be read',
    { files: { unreachable: '' }, ended: ['', ''] },
    "can't read the state",
    'part 1: its samples are missing',
  ],
])('ends if %s', async (_, given, said, why) => {
  const cluster = await clusterOf(given);
  const { code, stderr } = await cluster.start();
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(`The test did not finish: `) });
  expect(stderr).toContain(said);
  const { verdict, parts } = await cluster.judged();
  expect(verdict).toBe('INCONCLUSIVE');
  expect(parts).toContain(why);
  // They are kept, to see why, unless the test would go on.
  expect(await cluster.exists('testrun.yaml')).toBe(given.env?.TIMEOUT === undefined);
});

test.each<[string, Cluster, string]>([
  [
    'a container was killed',
    { ended: ['0,Completed,0', '137,OOMKilled,0'] },
    'k6 killed by signal 9; a container with the state OOMKilled',
  ],
  ['k6 failed', { ended: ['0,Completed,0', '107,Error,0'] }, "k6's exit code 107; a container with the state Error"],
  [
    'a container has not ended',
    { ended: ['0,Completed,0', ',,0'] },
    'no exit code of k6; a container with the state NotEnded',
  ],
  ['the state of the container is missing', { ended: ['0,Completed,0', ''] }, 'its samples are missing'],
  [
    'there are two pods',
    { ended: ['0,Completed,0', '137,OOMKilled,0\npod-3,0,Completed,0'] },
    'a container with the state SeveralPods',
  ],
  ['a container was restarted', { ended: ['0,Completed,0', '0,Completed,1'] }, 'a container with the state Restarted'],
  [
    'the beginning of the log is gone',
    { log: (lines) => lines.slice(2) },
    'samples of sold without its definition: the beginning is missing',
  ],
  ['the end of the log is gone', { log: (lines) => lines.slice(0, -1) }, "k6's own totals are missing"],
])('a finished test is INCONCLUSIVE if %s', async (_, given, why) => {
  const cluster = await clusterOf({ stages: ['finished'], jobs: ['NAME-1,, NAME-2,,1'], ...given });
  const { stderr } = await cluster.start();
  expect(stderr).toMatch(/These Jobs failed: test-\w+-2\n/);
  const { verdict, parts } = await cluster.judged();
  expect(verdict).toBe('INCONCLUSIVE');
  expect(parts).toContain('part 2: ');
  expect(parts).toContain(why);
});

test.each(['SIGINT', 'SIGTERM'] as const)('stops the test and deletes the objects after %s', async (signal) => {
  const cluster = await clusterOf({ stages: ['started'], env: { POLL: '60' } });
  const running = spawn(join(cluster.out, 'run-on-kubernetes.sh'), { env: cluster.env });
  const ended = once(running, 'exit');
  while (!(await cluster.calls()).some((call) => call.includes('jobs'))) await sleep(20);
  await sleep(100);
  running.kill(signal);
  expect((await ended)[0]).toBe(130);
  for (const file of ['testrun.yaml', 'secret.yaml', 'configmap.yaml']) expect(await cluster.exists(file)).toBe(false);
});
