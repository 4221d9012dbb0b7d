import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gather } from '../../../harness/distributed/gather.ts';
import { worst } from '../../../harness/verdict/finding.ts';
import { distributed, folderWith } from './distribution.ts';
import { sampleLines, totalsLine, withEnd } from './part-lines.ts';

const SCRIPT = `
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
new Counter('sold'); new Trend('took'); new Gauge('level'); new Rate('fine');
export const options = {
  scenarios: { all: { executor: 'constant-vus', vus: 2, duration: '1s' } },
  thresholds: {
    sold: ['count==5', 'rate<1'], 'sold{kind:never}': ['count<9'], took: ['p(50)==30'], level: ['value==7'], fine: ['rate>0.9'],
  },
};
export default () => {};`;
const TYPES = { sold: 'counter', took: 'trend', level: 'gauge', fine: 'rate', proofload_iteration: 'trend' };

const marks = (vu: string, ...numbers: number[]) =>
  numbers.map((value) => ({ metric: 'proofload_iteration', value, tags: { proofload_vu: vu } }));
const first = (run: string) =>
  sampleLines(run, 1, TYPES, [
    ...marks('1', 1, 2, 3),
    { metric: 'sold', value: 2 },
    { metric: 'took', value: 10 },
    { metric: 'took', value: 30 },
    { metric: 'fine', value: 1 },
    { metric: 'level', value: 7, second: 9 },
  ]);
const second = (run: string) =>
  sampleLines(run, 2, TYPES, [
    ...marks('2', 1),
    { metric: 'sold', value: 3 },
    { metric: 'took', value: 50 },
    { metric: 'fine', value: 1 },
    { metric: 'level', value: 4, second: 3 },
  ]);
const TOTALS = [
  {
    sold: { type: 'counter', values: { count: 2, rate: 0.3 } },
    took: { type: 'trend', values: { count: 2 } },
    fine: { type: 'rate', values: { rate: 1, passes: 1, fails: 0 } },
    level: { type: 'gauge', values: { value: 7, min: 7, max: 7 } },
    proofload_iteration: { type: 'trend', values: { count: 3 } },
    'sold{kind:never}': { type: 'counter', values: { count: 0 } },
  },
  {
    sold: { type: 'counter', values: { count: 3, rate: 0.3 } },
    took: { type: 'trend', values: { count: 1 } },
    fine: { type: 'rate', values: { rate: 1, passes: 1, fails: 0 } },
    level: { type: 'gauge', values: { value: 4, min: 4, max: 4 } },
    proofload_iteration: { type: 'trend', values: { count: 1 } },
  },
] as const;

/** The lines of both parts, to be changed, and how they end. */
interface Given {
  first?: (lines: string[], run: string) => string[];
  second?: (lines: string[], run: string) => string[];
  totals?: (metrics: object) => object;
  end?: { exit?: number; reason?: string; part?: number };
  /** Changes the complete text of the second file. */
  text?: (text: string, run: string) => string;
  files?: (files: string[]) => string[];
  script?: string;
}

async function gathered(given: Given = {}) {
  const same = <T>(value: T) => value;
  const out = await distributed(await folderWith({ 'test.ts': given.script ?? SCRIPT }));
  const { run } = JSON.parse(await readFile(join(out, 'plan.json'), 'utf8'));
  const { part = 2, ...end } = given.end ?? {};
  const firstPart = [...(given.first ?? same)(first(run), run), totalsLine(run, TOTALS[0])];
  const two = [...(given.second ?? same)(second(run), run), totalsLine(run, (given.totals ?? same)(TOTALS[1]))];
  const files = [1, 2].map((number) => join(out, `samples-${number}.json`));
  await writeFile(files[0] as string, withEnd(run, 1, firstPart));
  await writeFile(files[1] as string, (given.text ?? same)(withEnd(run, part, two, end), run));
  const { findings, ...counts } = await gather(out, given.files?.(files));
  const verdict = worst(findings.map((finding) => finding.verdict));
  const lines = findings.map(
    ({ check, expected, observed, evidence = [], verdict: result }) =>
      `${result} ${check} ${check.startsWith('threshold') ? expected : [observed, ...evidence].join('; ')}`,
  );
  return { ...counts, findings, verdict, lines };
}

/** What is said about the second part, without the name of its file. */
const ofPart = ({ lines }: { lines: string[] }) =>
  lines.filter((line) => line.includes('part 2')).map((line) => line.replace(/\/\S*\/samples-2.json: /, ''));

test("judges thresholds by the samples of all instances, and doesn't judge those without samples", async () => {
  const { lines, ...counts } = await gathered({ first: (all) => ['time="…" level=info msg="of the log"', ...all] });
  expect(counts).toMatchObject({ seconds: 9, samples: 13, iterations: 4 });
  expect(lines).toEqual([
    'PASS threshold sold count==5',
    'PASS threshold sold rate<1',
    'INCONCLUSIVE threshold sold{kind:never} count<9',
    'PASS threshold took p(50)==30',
    // The first instance's value, which is the later one, no matter which file is read last.
    'PASS threshold level value==7',
    'PASS threshold fine rate>0.9',
  ]);
});

test('which part a file belongs to follows from its samples, not from its name', async () => {
  const { verdict, lines } = await gathered({
    files: (files) => files.toReversed(),
    script: SCRIPT.replace("'sold{kind:never}': ['count<9'],", ''),
  });
  expect({ verdict, last: lines.at(-1) }).toEqual({ verdict: 'PASS', last: 'PASS threshold fine rate>0.9' });
});

test("samples have the script's tags, which k6 replaces by those of the command line", async () => {
  const script = SCRIPT.replace('thresholds: {', "tags: { team: 'a' }, thresholds: { 'sold{team:a}': ['count==6'],");
  const { findings } = await gathered({ script });
  expect(findings[0]).toMatchObject({ verdict: 'FAIL', observed: expect.stringContaining('count 5') });
});

test('a script without thresholds proves nothing', async () => {
  const { lines, verdict } = await gathered({ script: SCRIPT.replace(/thresholds: \{.*?\n {2}\},/s, '') });
  expect(lines[0]).toBe('INCONCLUSIVE thresholds at least one');
  expect(verdict).toBe('INCONCLUSIVE');
});

const point = (line: string, change: (point: { data: { tags: Record<string, string>; value: number } }) => void) => {
  const parsed = JSON.parse(line);
  change(parsed);
  return JSON.stringify(parsed);
};
const isOf = (metric: string) => (line: string) => line.includes('"Point"') && line.includes(`"${metric}"`);

/** Another sample of a metric, which the lines must have. */
const sampleOf = (lines: string[], metric: string, value: number, tags: Record<string, string> = {}) =>
  lines.filter(isOf(metric)).map((line) =>
    point(line, ({ data }) => {
      data.value = value;
      Object.assign(data.tags, tags);
    }),
  );

test.each<[string, Given, string]>([
  ['a sample is lost', { second: (all) => all.filter((line) => !isOf('took')(line)) }, 'took: count none instead of 1'],
  [
    'a sample is there twice',
    { second: (all) => all.flatMap((line) => (isOf('took')(line) ? [line, line] : [line])) },
    'samples differ from the totals of k6: took: count 2 instead of 1',
  ],
  [
    "a submetric's last sample is lost",
    {
      script: SCRIPT.replace('thresholds: {', "thresholds: { 'level{kind:a}': ['value<9'],"),
      second: (all) => [...all, ...sampleOf(all, 'level', 5, { kind: 'a' }), ...sampleOf(all, 'level', 4)],
      totals: (all) => ({
        ...all,
        level: { type: 'gauge', values: { value: 4, min: 4, max: 5 } },
        'level{kind:a}': { type: 'gauge', values: { value: 4.5, min: 4.5, max: 5 } },
      }),
    },
    'samples differ from the totals of k6: level{kind:a}: value 5 instead of 4.5, min 5 instead of 4.5',
  ],
  [
    'a metric is missing in the totals',
    { totals: ({ took: _, ...others }: { took?: object }) => others },
    'samples differ from the totals of k6: took: count 1 instead of none',
  ],
  [
    'iterations are lost',
    {
      second: (all) =>
        all.map((line) =>
          isOf('proofload_iteration')(line)
            ? point(line, (sample) => {
                sample.data.value = 4;
              })
            : line,
        ),
    },
    'VU 2 lacks its iterations 1 to 3',
  ],
  [
    'an iteration is there twice',
    {
      second: (all) => all.flatMap((line) => (isOf('proofload_iteration')(line) ? [line, line] : [line])),
      totals: (all) => ({ ...all, proofload_iteration: { type: 'trend', values: { count: 2 } } }),
    },
    'VU 2 has its iteration 1 again, after 1',
  ],
  [
    'there are samples of another run',
    {
      second: (all) =>
        all.map((line) => (isOf('took')(line) ? line.replace(/"proofload_run":"\w+"/, '"proofload_run":"old"') : line)),
    },
    'samples of the run old',
  ],
  [
    'there are samples without a run',
    { second: (all) => all.map((line) => (isOf('took')(line) ? line.replace(/"proofload_run":"\w+",/, '') : line)) },
    'samples of no run',
  ],
  [
    'there are samples of another part',
    {
      second: (all) =>
        all.map((line) => (isOf('took')(line) ? line.replace('"instance_id":"2"', '"instance_id":"1"') : line)),
    },
    'samples of part 1',
  ],
  ['definitions are missing', { second: (all) => all.slice(4) }, 'samples of sold without its definition'],
  [
    'the totals are missing',
    { text: (text) => text.replace(/\{"type":"Totals".*\n/, '') },
    "k6's own totals are missing",
  ],
  [
    'the totals are there twice',
    { second: (all, run) => [...all, totalsLine(run, TOTALS[1])] },
    "k6's own totals are there several times",
  ],
  [
    'the totals are of another run',
    { second: (all) => all, text: (text, run) => text.replace(`"Totals","run":"${run}"`, '"Totals","run":"old"') },
    "k6's own totals are of the run old",
  ],
  [
    'the end mark is missing',
    { text: (text) => text.replace(/\{"type":"End".*\n/, '') },
    'its end is missing: there is no end mark',
  ],
  [
    'the end mark is of another run',
    { text: (text, run) => text.replace(`"End","run":"${run}"`, '"End","run":"old"') },
    'the end of the run old',
  ],
  ['the end mark is of another part', { end: { part: 1 } }, 'the end of part 1'],
  ['there are lines after the end', { text: (text) => `${text}x\n` }, 'lines after its end'],
  ['a line is truncated', { second: (all) => [...all, '{"metric":"sold","type":"Po'] }, 'a truncated line'],
  ['a line of the log is lost', { text: (text) => text.replace(/^.*\n/, '') }, 'lines instead of'],
  ['a line was changed', { text: (text) => text.replace('"default"', '"DEFAULT"') }, 'lines that were changed'],
  ['k6 has recorded nothing', { second: () => [], totals: () => ({}) }, 'no samples of this run'],
  ['k6 was killed', { end: { exit: 137 } }, 'k6 killed by signal 9'],
  ['k6 failed', { end: { exit: 107 } }, "k6's exit code 107"],
  ['a threshold of the instance failed', { end: { exit: 99 } }, "k6's exit code 99"],
  [
    'the exit code is not known',
    { end: { exit: -1, reason: 'SeveralPods' } },
    'a container with the state SeveralPods',
  ],
  [
    'the container has another state',
    { end: { exit: 0, reason: 'OOMKilled' } },
    'a container with the state OOMKilled',
  ],
  ['the file is not there', { files: ([given = '']) => [given, '/nowhere/samples-2.json'] }, 'its samples are missing'],
  ['the file is not given', { files: ([given = '']) => [given] }, 'its samples are missing'],
  [
    'a part has two files',
    { files: ([own = '', other = '']) => [own, other, other] },
    'samples of this part, which are also in',
  ],
  [
    'it ran long after the other part',
    { second: (all) => all.map((line) => line.replace('2026-01-01T00:00', '2026-01-01T01:00')) },
    'it began 3591 s after part 1 had ended',
  ],
])('is INCONCLUSIVE and names the part if %s', async (_, given, why) => {
  const result = await gathered(given);
  expect(ofPart(result).join('\n')).toContain(why);
  expect(ofPart(result).join('\n')).toMatch(/^INCONCLUSIVE part 2/);
  expect(result.verdict).toBe('INCONCLUSIVE');
  expect(result.lines.filter((line) => line.startsWith('PASS threshold'))).toEqual([]);
});

test.each(['count>2', 'count>=3', 'count==3', 'count!=2'])(
  'missing samples do not fail the sum %s',
  async (expression) => {
    const script = SCRIPT.replace('count==5', expression);
    const { lines } = await gathered({ script, files: ([given = '']) => [given] });
    expect(lines[0]).toBe(`INCONCLUSIVE threshold sold ${expression}`);
  },
);

test('what the samples show remains a failure if others are missing, and a sum that is too low does not', async () => {
  const failing = (lines: string[]) =>
    lines.map((line) =>
      isOf('fine')(line)
        ? point(line, (sample) => {
            sample.data.value = 0;
          })
        : line,
    );
  const { lines, verdict } = await gathered({ first: failing, files: ([given = '']) => [given] });
  expect(verdict).toBe('FAIL');
  expect(lines).toContain('FAIL threshold fine rate>0.9');
  expect(lines).toContain('INCONCLUSIVE threshold sold count==5');
});

test('a sum that is too high remains a failure if samples are missing, unless some may be there twice', async () => {
  const high = (lines: string[]) =>
    lines.map((line) =>
      isOf('sold')(line)
        ? point(line, (sample) => {
            sample.data.value = 6;
          })
        : line,
    );
  const totals = (all: object) => ({ ...all, sold: { type: 'counter', values: { count: 6 } } });
  const lost = await gathered({ second: high, totals, text: (text) => text.replace(/\{"type":"End".*\n/, '') });
  expect(lost.lines[0]).toBe('FAIL threshold sold count==5');
  const twice = await gathered({
    second: (all) => high(all).flatMap((line) => (isOf('proofload_iteration')(line) ? [line, line] : [line])),
    totals,
  });
  expect(twice.lines[0]).toBe('INCONCLUSIVE threshold sold count==5');
  const double = await gathered({
    second: (all) => all.flatMap((line) => (isOf('sold')(line) ? [line, line] : [line])),
  });
  expect(double.lines[0]).toBe('INCONCLUSIVE threshold sold count==5');
});

test('a script that marks the test as failed fails it', async () => {
  const { lines, verdict } = await gathered({ end: { exit: 110, reason: 'Error' } });
  expect(lines).toContain('FAIL part 2 the script marked the test as failed');
  expect(verdict).toBe('FAIL');
});

test('asks for a folder written by distribute', async () => {
  await expect(gather('/nowhere', [])).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('plan.json'),
  });
});
