import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { distribute } from '../../harness/distributed/distribute.ts';
import { gather } from '../../harness/distributed/gather.ts';
import { writeEngineCommand } from '../support/engine-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { parseLines } from './engine-process.ts';

const MARKS = fileURLToPath(new URL('scripts/marks.ts', import.meta.url));

/** Maximum delay of an iteration on a busy machine, in milliseconds. No iteration may be early, except for rounding. */
const LATE = 1_500;

interface Mark {
  readonly scenario: string;
  readonly iteration: number;
  readonly vu: number;
  /** Milliseconds since its scenario started. */
  readonly at: number;
}

/** Runs the script as several concurrent parts, using the command written for machines without Kubernetes. */
async function run(instances: number) {
  const folder = await temporaryFolder();
  await distribute({ script: MARKS, instances, env: {}, image: undefined, folder });
  const parts = Array.from({ length: instances }, (_, index) => index + 1);
  const env = { ...process.env, K6: await writeEngineCommand(folder) };
  await Promise.all(parts.map((part) => promisify(execFile)(join(folder, 'run-part.sh'), [String(part)], { env })));
  const files = parts.map((part) => join(folder, `samples-${part}.json`));
  const { findings } = await gather(folder, files);
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return { findings: findings.map(({ verdict }) => verdict), parts: texts.map(marksOf) };
}

const marksOf = (text: string): Mark[] =>
  parseLines<{ metric: string; type: string; data: { value: number; tags: Record<string, string> } }>(text)
    .filter(({ metric, type }) => metric === 'began' && type === 'Point')
    .map(({ data: { value, tags } }) => ({
      scenario: tags.scenario ?? '',
      iteration: Number(tags.iteration),
      vu: Number(tags.vu),
      at: value,
    }));

/** When iterations are due, by number, in milliseconds since the scenario started. */
const DUE: Record<string, (iteration: number) => number> = {
  constant: () => 0,
  ramping: (iteration) => 500 * (iteration + 1),
  rate: (iteration) => (iteration * 1_000) / 12,
  // The rate grows by ten per second each second, so the area reaches k after sqrt(2k/10) seconds.
  rising: (iteration) => Math.sqrt((iteration + 1) / 5) * 1_000,
};

test('together do the work of one, in each of the six executors', async () => {
  const [single, pair] = await Promise.all([run(1), run(2)]);
  const whole = single.parts.flat();
  const shared = pair.parts.flat();
  const numbers = (marks: readonly Mark[]) => marks.map(({ scenario, iteration }) => `${scenario} ${iteration}`).sort();
  const vus = (marks: readonly Mark[]) => [...new Set(marks.map(({ vu }) => vu))].sort((a, b) => a - b);

  expect(whole).toHaveLength(75);
  expect(numbers(shared)).toEqual(numbers(whole));
  const [first = [], second = []] = pair.parts;
  expect(vus(first).filter((vu) => vus(second).includes(vu))).toEqual([]);
  expect(Math.max(...vus(shared))).toBeLessThanOrEqual(24);
  for (const part of pair.parts) expect(new Set(part.map(({ scenario }) => scenario)).size).toBe(6);
  for (const { scenario, iteration, at } of [...whole, ...shared]) {
    const due = DUE[scenario]?.(iteration);
    if (due === undefined) continue;
    expect({ scenario, iteration, early: at < due - 2, late: at > due + LATE }).toMatchObject({
      early: false,
      late: false,
    });
  }
  // This is the count for the whole test. No single instance reaches it.
  expect([single.findings, pair.findings]).toEqual([
    ['PASS', 'PASS'],
    ['PASS', 'PASS'],
  ]);
});
