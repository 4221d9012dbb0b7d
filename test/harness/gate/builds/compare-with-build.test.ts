import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type CompareOptions,
  compareWithBuild,
  hasTimeLeft,
} from '../../../../harness/gate/builds/compare-with-build.ts';
import { judgeComparison, writeComparison } from '../../../../harness/gate/comparison.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { repository, workTrees } from './repository.ts';

const CONTRACT = `
name: shop
start: { command: [node, server.mjs], readyPath: /, readySeconds: 10 }
environment: { PORT: '\${port}' }
endpoints: { home: { method: GET, path: /, served: [200] }, NEW }
profiles: { fast: {} }
`;

/** @param status That of all paths but /. If it is 0, there is no answer. */
const server = (status: number) => `
import { createServer } from 'node:http';
createServer((request, response) => {
  const status = request.url === '/' ? 200 : ${status};
  if (status > 0) response.writeHead(status).end('{}');
}).listen(process.env.PORT, '127.0.0.1');
`;

const shop = (endpoints: string, status = 200) => ({
  'proofload.yaml': CONTRACT.replace('NEW', endpoints),
  'server.mjs': server(status),
});

/** Leaks 1 KiB in each request, and closes the connection. */
const leaking = (files: ReturnType<typeof shop>) => ({
  ...files,
  'server.mjs': files['server.mjs'].replace(
    'const status',
    `(globalThis.kept ??= []).push(Buffer.alloc(1_024, 1));
  response.setHeader('connection', 'close');
  const status`,
  ),
});

/** Adds an idle process to the service. */
const withWorker = (files: ReturnType<typeof shop>) => ({
  ...files,
  'worker.mjs': 'setInterval(() => {}, 1_000);',
  'proofload.yaml': files['proofload.yaml'].replace('readyPath', 'workers: { jobs: [node, worker.mjs] }, readyPath'),
});

const options = (top: string, change: Partial<CompareOptions> = {}): CompareOptions => ({
  contract: join(top, 'proofload.yaml'),
  against: 'first',
  prepare: '',
  profile: 'fast',
  rounds: 1,
  postgres: 'auto',
  seed: 1,
  step: () => {},
  signal: new AbortController().signal,
  ...change,
});

/** An endpoint that is served at a path. */
const at = (name: string): string => `${name}: { method: GET, path: /${name}, served: [200] }`;

test('a round measures both builds by the same calls, is judged from its file, and only this build fails if it refuses calls', async () => {
  const refusing = (path: string, ...endpoints: string[]) => ({
    ...shop(endpoints.map(at).join(', ')),
    'server.mjs': server(200).replace("request.url === '/' ? 200 : 200", `request.url === '${path}' ? 500 : 200`),
  });
  const top = await repository(
    refusing('/other', 'own', 'other'),
    leaking(withWorker(refusing('/own', 'own', 'other', 'new'))),
  );
  const compared = await compareWithBuild(options(top, { release: 'first' }));
  if ('skipped' in compared) throw new Error(compared.skipped);
  const first = expect.stringMatching(/^first \(/);
  expect(compared).toMatchObject({ against: first, release: first, onlyHere: ['new'] });
  const [round] = compared.rounds;
  const kindsThan = (side: string) =>
    round?.measures.filter(({ than }) => than === side).map(({ kind, of }) => `${kind} ${of ?? ''}`.trim());
  expect(kindsThan('other')).toEqual(
    expect.arrayContaining([
      'p50 home',
      'saturation',
      'half p50',
      'half p99',
      'refused',
      'start',
      'received',
      'connections the service',
      ...(process.platform === 'linux' ? ['memory', 'kept'] : []),
    ]),
  );
  expect(kindsThan('release')).toEqual(kindsThan('other'));
  const measured = (wanted: string) => round?.measures.find(({ kind }) => kind === wanted);
  expect(measured('connections')).toMatchObject({ of: 'the service', own: 1, other: 0 });
  // The header that closes the connection, instead of two that keep it.
  expect(measured('received')?.ratio).toBeCloseTo(1, 0);
  expect(measured('received')?.own).not.toBe(measured('received')?.other);
  expect(compared.expected).toEqual(
    expect.arrayContaining(
      (round?.measures ?? []).map(({ kind, of, than }) => ({ kind, ...(of !== undefined && { of }), than })),
    ),
  );
  if (process.platform === 'linux') {
    // The worker is a process of this build as well.
    expect(measured('memory')?.ratio).toBeGreaterThan(1.2);
    const { own = 0, other = 0 } = measured('kept') ?? {};
    expect((own - other) / 2 ** 10).toBeGreaterThan(0.4);
    expect((own - other) / 2 ** 10).toBeLessThan(1.6);
  }
  expect(workTrees(top)).toHaveLength(1);

  const run = await temporaryFolder();
  const write = (rounds: typeof compared.rounds) =>
    writeComparison(run, { ...compared, rounds, wanted: 1, seed: 1, again: 'make gate' });
  const judged = await write(compared.rounds);
  expect(judged.about).toContain('The other build does not have new.');
  expect(judged.findings[0]).toMatchObject({ check: 'calls served', verdict: 'FAIL' });
  const pattern = /^(\d+) of (\d+) not served; not compared, because the other build serves no call: other$/;
  const [, failed, calls] = pattern.exec(judged.findings[0]?.observed ?? '') ?? [];
  expect(Number(failed) / Number(calls)).toBe(1 / 2);
  expect(await judgeComparison(join(run, 'gate-comparison'))).toEqual(judged);

  const served = await write(compared.rounds.map((each) => ({ ...each, unserved: { own: 0, other: 0 } })));
  expect(served.findings[0]).toMatchObject({ check: 'calls served', verdict: 'PASS' });
  expect(served).toMatchObject({
    scenario: 'gate/comparison',
    verdict: 'INCONCLUSIVE',
    judges: 'speed compared with another build',
  });
});

test.each([
  ['before calls', 0, 200],
  ['while calls have no answer', 2_000, 0],
])('a comparison that is interrupted %s is skipped, and leaves nothing behind', async (_, afterMs, status) => {
  const top = await repository(shop('search: { method: GET, path: /search, served: [200] }', status));
  const over = new AbortController();
  const step = (text: string) => void (/round 1/.test(text) && setTimeout(() => over.abort('Ctrl-C'), afterMs));
  expect(await compareWithBuild(options(top, { signal: over.signal, step }))).toEqual({ skipped: 'Ctrl-C' });
  expect(workTrees(top)).toHaveLength(1);
});

test('an error says that it is the other build that does not start', async () => {
  const top = await repository({ ...shop(''), 'server.mjs': 'process.exit(7);' }, { 'server.mjs': server(200) });
  await expect(compareWithBuild(options(top))).rejects.toMatchObject({
    code: 'BUILD_NOT_READY',
    message: expect.stringContaining('the other build does not start: shop (node server.mjs) is not ready'),
  });
});

test.each([
  { rounds: 13, seconds: 210, wanted: 16, left: true, because: 'the usual case' },
  { rounds: 15, seconds: 281, wanted: 16, left: true, because: 'the 16th round ends within 5 minutes' },
  { rounds: 15, seconds: 282, wanted: 16, left: false, because: 'the 16th round would end after 5 minutes' },
  { rounds: 26, seconds: 400, wanted: 32, left: true, because: 'twice as many rounds may take twice as long' },
])('$rounds rounds in $seconds s of at most $wanted: $because', ({ rounds, seconds, wanted, left }) => {
  expect(hasTimeLeft(seconds * 1_000, rounds, wanted)).toBe(left);
});

test('limits that the contract does not switch off are an error before anything is prepared', async () => {
  const top = await repository(shop(''));
  const limited = shop('')['proofload.yaml'].replace(
    'fast: {}',
    'fast: { limits: { home: { max: 5, windowSeconds: 2 } } }',
  );
  await writeFile(join(top, 'proofload.yaml'), limited);
  const steps: string[] = [];
  const compared = compareWithBuild(options(top, { step: (text) => steps.push(text) }));
  await expect(compared).rejects.toMatchObject({
    code: 'NOTHING_TO_JUDGE',
    message: expect.stringContaining('does not define "no-rate-limits"'),
  });
  expect(steps).toEqual([]);
});
