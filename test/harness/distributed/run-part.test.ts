import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { appendEnd } from '../../../harness/distributed/end-mark.ts';
import { gather } from '../../../harness/distributed/gather.ts';
import { worst } from '../../../harness/verdict/finding.ts';
import { writeEngineCommand } from '../../support/engine-command.ts';
import { distributed, folderWith } from './distribution.ts';

const run = promisify(execFile);

/** Every metric type, several VUs, an async function, a function by name, and an own summary, which is not called. */
const SCRIPT = `
import { check, sleep } from 'k6';
import exec from 'k6/execution';
import { Counter, Gauge, Trend } from 'k6/metrics';
const [sold, took, level] = [new Counter('sold'), new Trend('took'), new Gauge('level')];
export const options = {
  scenarios: {
    some: { executor: 'per-vu-iterations', vus: 4, iterations: 5 },
    others: { executor: 'shared-iterations', vus: 4, iterations: 12, exec: 'other' },
  },
  thresholds: { checks: ['rate>0.9'], took: ['p(95)<100'], sold: ['count==20'] },
};
export function setup() { return { price: 3 }; }
export default async function ({ price }) {
  check(price, { ok: (one) => one === 3 });
  took.add(price);
  sold.add(1);
  sleep(0.01);
  await Promise.resolve();
}
export function other({ price }) { level.add(price); sleep(0.01); }
export const number = 5;
export function handleSummary() { return { 'own-summary.json': '{}' }; }`;

/** Runs both parts with the embedded engine. Returns the folder, the command of k6, and the samples of the first part. */
async function ranOf(script = SCRIPT, code = 0) {
  const folder = await folderWith({ 'test.ts': script });
  const out = await distributed(folder);
  const env = { ...process.env, K6: await writeEngineCommand(folder) };
  const codes = await Promise.all(
    [1, 2].map((part) =>
      run(join(out, 'run-part.sh'), [String(part)], { env }).then(
        () => 0,
        (error: { code: number }) => error.code,
      ),
    ),
  );
  expect(codes).toEqual([code, code]);
  return { out, env, first: join(out, 'samples-1.json') };
}

/** Kills what is left of a process group. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const judged = async (out: string) => {
  const { findings } = await gather(out);
  return { verdict: worst(findings.map(({ verdict }) => verdict)), findings };
};

/** A generator of numbers from 0 to 1, the same ones in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('no part that was cut before its end mark passes, nor one that lacks a line or has one twice', async () => {
  const { out, first } = await ranOf();
  expect(await judged(out)).toMatchObject({ verdict: 'PASS' });
  const whole = await readFile(first);
  const { run: id } = JSON.parse(await readFile(join(out, 'plan.json'), 'utf8'));
  const lines = whole.toString().split(/(?<=\n)/);
  const marked = whole.lastIndexOf('{"type":"End"');
  const random = seeded(20_261_130);
  /** Writes the mark for the samples as they are, as if they had been damaged before. */
  const mark = () => run('sh', ['-c', `${appendEnd(id)}\nappend_end "${first}" 1 0 Completed`]);
  const passed: string[] = [];
  const judge = async (what: string) => {
    if ((await judged(out)).verdict === 'PASS') passed.push(what);
  };

  for (let cut = 0; cut < 60; cut += 1) {
    const byte = Math.floor(random() * marked);
    // Every second cut is at the end of a line.
    const at = cut % 2 === 0 ? byte : whole.lastIndexOf('\n', byte) + 1;
    await writeFile(first, whole.subarray(0, at));
    await judge(`cut at ${at} of ${marked}`);
    if (cut >= 16) continue;
    await mark();
    await judge(`cut at ${at} of ${marked}, then marked`);
  }
  // Lost before the mark was made, these change no verdict, and k6's totals don't show them: zeros of a counter, values
  // of a Gauge that are not the last one, and a second definition.
  const counted = lines
    .slice(0, -1)
    .flatMap((line, at) =>
      /"type":"Metric"|"metric":"(vus|vus_max|level)"|"metric":"data_.*"value":0,/.test(line) ? [] : [at],
    );
  for (let time = 0; time < 20; time += 1) {
    const at = counted[Math.floor(random() * counted.length)] as number;
    const copies = time % 2 === 0 ? [] : [lines[at], lines[at]];
    await writeFile(first, [...lines.slice(0, at), ...copies, ...lines.slice(at + 1)].join(''));
    await judge(`line ${at} ${copies.length} times`);
    await writeFile(first, [...lines.slice(0, at), ...copies, ...lines.slice(at + 1, -1)].join(''));
    await mark();
    await judge(`line ${at} ${copies.length} times, then marked`);
  }
  expect(passed).toEqual([]);
});

test('samples of an earlier start of the same part are seen, beside the new ones and in their place', async () => {
  const { out, env, first } = await ranOf();
  const earlier = await readFile(first, 'utf8');
  await run(join(out, 'run-part.sh'), ['1'], { env });
  const later = await readFile(first, 'utf8');
  const [lines, newer] = [earlier.split(/(?<=\n)/), later.split(/(?<=\n)/)];
  await writeFile(first, newer.flatMap((line, at) => [lines[at] ?? '', line]).join(''));
  expect((await judged(out)).verdict).toBe('INCONCLUSIVE');
  await writeFile(first, earlier + later);
  expect((await judged(out)).verdict).toBe('INCONCLUSIVE');
  const another = await ranOf();
  await writeFile(first, await readFile(another.first));
  const { findings, verdict } = await judged(out);
  expect(verdict).toBe('INCONCLUSIVE');
  expect(findings.at(-1)).toMatchObject({ check: 'part 1', verdict: 'INCONCLUSIVE' });
  expect(JSON.stringify(findings.at(-1))).toContain('samples of the run');
});

test('appends the mark if k6 fails, and ends with its exit code', async () => {
  const { out, first } = await ranOf(
    `${SCRIPT.replace('function setup() {', 'function setup() { exec.test.abort();')}`,
    108,
  );
  expect(JSON.parse((await readFile(first, 'utf8')).trim().split('\n').at(-1) as string)).toMatchObject({
    type: 'End',
    part: 1,
    exit: 108,
  });
  const { findings } = await judged(out);
  expect(JSON.stringify(findings)).toContain("k6's exit code 108");
});

test.each([
  ['fails with 99', 'exit 99', 99, "k6's exit code 99"],
  ['is killed', 'kill -KILL $$', 137, 'k6 killed by signal 9'],
  ['writes half a line', 'printf \'{"type":"Po\' >> samples-1.json; exit 137', 137, 'a truncated line'],
  ['is not there', 'exec /nowhere/k6', 127, "k6's exit code 127"],
])('says so if k6 %s', async (_, program, code, why) => {
  const out = await distributed(await folderWith({ 'test.ts': SCRIPT }));
  await writeFile(join(out, 'stub.sh'), program);
  await expect(
    run(join(out, 'run-part.sh'), ['1'], { env: { ...process.env, K6: 'sh stub.sh' } }),
  ).rejects.toMatchObject({ code });
  const { findings, verdict } = await judged(out);
  expect(verdict).toBe('INCONCLUSIVE');
  const part = findings.find(({ check }) => check === 'part 1');
  expect([part?.observed, ...(part?.evidence ?? [])].join('\n')).toContain(why);
});

test('passes SIGTERM on to k6, and appends the mark', async () => {
  const out = await distributed(await folderWith({ 'test.ts': SCRIPT }));
  await writeFile(join(out, 'stub.sh'), 'trap "exit 105" TERM; : > started; while :; do sleep 0.05; done');
  const part = spawn(join(out, 'run-part.sh'), ['1'], {
    env: { ...process.env, K6: 'sh stub.sh' },
    detached: true,
  });
  // If the test fails, its stand-in for k6 would run on.
  onTestFinished(() => endGroup(part.pid));
  const ended = once(part, 'exit');
  while (!(await readFile(join(out, 'started')).catch(() => undefined))) await sleep(20);
  part.kill('SIGTERM');
  expect(await ended).toEqual([105, null]);
  expect(await readFile(join(out, 'samples-1.json'), 'utf8')).toContain('"part":1,"exit":105,"lines":0');
});

test('starts with no samples of an earlier start', async () => {
  const out = await distributed(await folderWith({ 'test.ts': SCRIPT }));
  await writeFile(join(out, 'samples-1.json'), 'of an earlier start\n');
  await writeFile(join(out, 'totals-1.json'), 'of an earlier start\n');
  await run(join(out, 'run-part.sh'), ['1'], { env: { ...process.env, K6: 'true' } });
  expect(await readFile(join(out, 'samples-1.json'), 'utf8')).toMatch(/^\{"type":"End".*\n$/);
});
