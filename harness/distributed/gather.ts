import { join } from 'node:path';
import { flagsFor, type ReadTest, readTest, silentLogger } from '../../engine/index.ts';
import type { Finding } from '../verdict/finding.ts';
import { judgeThresholds } from './judge-thresholds.ts';
import { SCRIPT, samplesFile } from './names.ts';
import { readPlan } from './plan.ts';
import { MARKED_AS_FAILED, type Part, type Receiver, readPart } from './read-part.ts';
import type { PointLine } from './sample-line.ts';

/** How long after the end of an instance another one may begin, in milliseconds, so that they count as one run. */
const APART = 30_000;

/** The result from a test that ran on several instances. */
export interface Gathered {
  /** One for each threshold, and one for each instance whose samples are not complete. */
  readonly findings: Finding[];
  /** The run's id. */
  readonly run: string;
  readonly instances: number;
  /** The number of samples of this run, and of iterations that these number. */
  readonly samples: number;
  readonly iterations: number;
  /** Seconds between the first and the last sample. */
  readonly seconds: number;
}

/**
 * Judges a script's thresholds using the samples from all instances together, as if a single instance had run the whole
 * test. If samples are missing, or are of another run, the instance is INCONCLUSIVE, and no threshold passes.
 *
 * @param folder The output folder of `distribute`.
 * @param files The samples of each instance, with their end marks. The default are the files in the folder.
 * @throws ProofloadError USAGE if the folder was not written by `distribute`
 */
export async function gather(folder: string, files?: readonly string[]): Promise<Gathered> {
  const { run, instances, env } = await readPlan(folder);
  const read = await readTest({ ...flagsFor(join(folder, SCRIPT)), env }, silentLogger);
  const expected = Array.from({ length: instances }, (_, index) => index + 1);
  const gauges: PointLine[] = [];
  const receiver = receiverFor(read, gauges);
  const taken = new Map<number, string>();
  const parts: Part[] = [];
  for (const file of files ?? expected.map((part) => join(folder, samplesFile(part)))) {
    const part = await readPart(file, run, taken, receiver);
    parts.push(part);
    if (part.part !== undefined && !taken.has(part.part)) taken.set(part.part, file);
  }
  // A gauge's value is its last sample across all instances.
  for (const point of gauges.sort((a, b) => a.time - b.time)) collect(read, point);

  const problems = [
    ...parts.flatMap((part) => partProblems(part, run, expected)),
    ...missingParts(expected, parts, run),
    ...notTogether(parts),
  ];
  const isRepeated = parts.some((part) => part.isRepeated);
  const counted = parts.filter(({ samples }) => samples > 0);
  const elapsed = Math.max(...counted.map(({ last }) => last)) - Math.min(...counted.map(({ first }) => first));
  const seen = Number.isFinite(elapsed) ? elapsed : 0;
  const thresholds = judgeThresholds(read, seen, { isComplete: problems.length === 0, isRepeated });
  return {
    findings: [...thresholds, ...parts.flatMap(markedAsFailed), ...problems],
    run,
    instances,
    samples: sum(parts.map(({ samples }) => samples)),
    iterations: sum(parts.map(({ iterations }) => iterations)),
    seconds: seen / 1_000,
  };
}

function receiverFor(read: ReadTest, gauges: PointLine[]): Receiver {
  const { registry } = read.test;
  return {
    declare({ name, of, contains }) {
      const known = registry.get(name);
      if (!known) registry.declare(name, of, contains);
      return known === undefined || known.type === of;
    },
    typeOf: (name) => registry.get(name)?.type,
    namesOf({ name, tags }) {
      const isPartOf = (submetric: { readonly tags: Readonly<Record<string, string>> }) =>
        Object.entries(submetric.tags).every(([tag, value]) => tags[tag] === value);
      return [
        name,
        ...(registry
          .get(name)
          ?.submetrics.filter(isPartOf)
          .map((submetric) => submetric.name) ?? []),
      ];
    },
    add(point) {
      if (registry.get(point.name)?.type === 'gauge') gauges.push(point);
      else collect(read, point);
    },
  };
}

function collect({ test }: ReadTest, { name, value, tags }: PointLine): void {
  const metric = test.registry.get(name);
  // k6 replaces the script's tags by those of the command line, which identify the run and the instance.
  if (metric) test.collector.add(metric, value, { ...test.options.tags, ...tags });
}

function partProblems({ file, part, problems }: Part, run: string, expected: readonly number[]): Finding[] {
  const unknown = part !== undefined && !expected.includes(part) ? [`the run has no part ${part}`] : [];
  const all = [...unknown, ...problems];
  return all.length === 0 ? [] : [incomplete(part === undefined ? file : `part ${part}`, run, all, file)];
}

const missingParts = (expected: readonly number[], parts: readonly Part[], run: string): Finding[] =>
  expected
    .filter((part) => !parts.some((other) => other.part === part))
    .map((part) => incomplete(`part ${part}`, run, ['its samples are missing'], undefined));

function incomplete(check: string, run: string, problems: readonly string[], file: string | undefined): Finding {
  const [first = '', ...others] = problems;
  return {
    check,
    expected: expectedOf(run),
    observed: file === undefined ? first : `${file}: ${first}`,
    evidence: others,
    verdict: 'INCONCLUSIVE',
  };
}

const expectedOf = (run: string): string => `all samples of the run ${run}, and exit code 0 of k6`;

/** Instances of which one began long after another had ended belong to different starts of the run. */
function notTogether(parts: readonly Part[]): Finding[] {
  const [early] = parts.toSorted((a, b) => a.last - b.last).filter(({ samples }) => samples > 0);
  return parts
    .filter(({ samples, first }) => early && samples > 0 && first > early.last + APART)
    .map(({ part, first }) => ({
      check: `part ${part}`,
      expected: 'samples of the same time as those of the other parts',
      observed: `it began ${Math.round((first - (early as Part).last) / 1_000)} s after part ${early?.part} had ended`,
      verdict: 'INCONCLUSIVE',
    }));
}

const markedAsFailed = ({ part, exit }: Part): Finding[] =>
  exit === MARKED_AS_FAILED
    ? [
        {
          check: `part ${part}`,
          expected: 'no call of exec.test.fail()',
          observed: 'the script marked the test as failed',
          verdict: 'FAIL',
        },
      ]
    : [];

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
