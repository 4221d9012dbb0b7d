import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gather } from '../../../harness/distributed/gather.ts';
import { distributed, folderWith } from './distribution.ts';

const SCRIPT = `
import { Counter, Gauge, Trend } from 'k6/metrics';
new Counter('sold'); new Trend('took'); new Gauge('level');
export const options = {
  scenarios: { all: { executor: 'constant-vus', vus: 2, duration: '1s' } },
  thresholds: { sold: ['count==5', 'rate<1'], 'sold{kind:never}': ['count<9'], took: ['p(50)==30'], level: ['value==7'] },
};
export default () => {};`;

const declared = (...metrics: [string, string][]) =>
  metrics.map(([name, type]) =>
    JSON.stringify({ type: 'Metric', data: { name, type, contains: 'default' }, metric: name }),
  );
const ALL = declared(['sold', 'counter'], ['took', 'trend'], ['level', 'gauge']);
const point = (instance: string, metric: string, value: number, second = 0) =>
  JSON.stringify({
    metric,
    type: 'Point',
    data: { time: `2026-01-01T00:00:0${second}.000000001Z`, value, tags: { instance_id: instance } },
  });

const FIRST = [
  ...ALL,
  point('1', 'sold', 2),
  point('1', 'took', 10),
  point('1', 'took', 30),
  point('1', 'level', 7, 9),
];
const SECOND = [...ALL, point('2', 'sold', 3), point('2', 'took', 50), point('2', 'level', 4, 3)];

const gathered = (...contents: readonly string[][]) => gatheredOf(SCRIPT, ...contents);

async function gatheredOf(script: string, ...contents: readonly string[][]) {
  const out = await distributed(await folderWith({ 'test.ts': script }));
  const files = contents.map((_, index) => join(out, `samples-${index + 1}.json`));
  for (const [index, lines] of contents.entries()) await writeFile(files[index] as string, `${lines.join('\n')}\n`);
  return gather(out, files);
}

it("judges thresholds by the samples of all instances, and doesn't judge those without samples", async () => {
  const { findings, seconds } = await gathered(FIRST, ['time="…" level=info msg="of the log"', ...SECOND]);
  expect(seconds).toBe(9);
  expect(findings.map(({ check, expected, verdict }) => `${check} ${expected} ${verdict}`)).toEqual([
    'threshold sold count==5 PASS',
    'threshold sold rate<1 PASS',
    'threshold sold{kind:never} count<9 INCONCLUSIVE',
    'threshold took p(50)==30 PASS',
    // The first instance's value, which is the later one, no matter which file is read last.
    'threshold level value==7 PASS',
  ]);
});

it("samples have the script's tags, which k6 replaces by that of the instance", async () => {
  const script = SCRIPT.replace('thresholds: {', "tags: { team: 'a' }, thresholds: { 'sold{team:a}': ['count==6'],");
  const { findings } = await gatheredOf(script, FIRST, SECOND);
  expect(findings[0]).toMatchObject({ verdict: 'FAIL', observed: expect.stringContaining('count 5') });
});

it('reports which threshold fails', async () => {
  const { findings } = await gathered(FIRST, [...SECOND, point('2', 'sold', 1)]);
  expect(findings[0]).toMatchObject({ verdict: 'FAIL', observed: expect.stringContaining('count 6') });
});

it.each([
  ['the beginning of a file is missing', [FIRST, SECOND.slice(1)], 'its beginning is missing: it has samples of sold'],
  ['a line is truncated', [FIRST, [...SECOND, '{"metric":"sold","type":"Po']], 'a line is truncated'],
  ['an instance is missing', [FIRST], 'samples of instance 2 are missing'],
  ['an instance has two files', [FIRST, SECOND, SECOND], 'it has samples of instance 2, and'],
])('gives no result if %s', async (_, contents, why) => {
  await expect(gathered(...contents)).rejects.toMatchObject({
    code: 'SAMPLES_INVALID',
    exitCode: 3,
    message: expect.stringContaining(why),
  });
});

it('asks for a folder written by distribute', async () => {
  await expect(gather('/nowhere', [])).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('plan.json'),
  });
});
