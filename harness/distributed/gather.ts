import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { flagsFor, type ReadTest, readTest, silentLogger } from '../../engine/index.ts';
import { ProofloadError } from '../base/errors.ts';
import type { Finding } from '../verdict/finding.ts';
import { SCRIPT } from './kubernetes-documents.ts';
import { readPlan } from './plan.ts';
import { type Point, readLine } from './sample-line.ts';

/** The tag that k6-operator and `run-part.sh` use to mark an instance's samples. */
const INSTANCE = 'instance_id';

/** The result from a test that ran on several instances. */
export interface Gathered {
  readonly findings: Finding[];
  /** Seconds between the first and the last sample. */
  readonly seconds: number;
}

/**
 * Judges a script's thresholds using the samples from all instances together, as if a single instance had run the whole
 * test.
 *
 * @param folder The output folder of `distribute`.
 * @param files The `--out json` output from each instance. The files may contain other lines, for example from a pod's
 * log.
 * @throws ProofloadError SAMPLES_INVALID if samples are truncated, or an instance's samples are missing or duplicated
 */
export async function gather(folder: string, files: readonly string[]): Promise<Gathered> {
  const { instances, env } = await readPlan(folder);
  const read = await readTest({ ...flagsFor(join(folder, SCRIPT)), env }, silentLogger);
  const seen = new Map<string, string>();
  const gauges: Point[] = [];
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const file of files) {
    const ids = new Set<string>();
    for await (const point of pointsOf(file, read)) {
      first = Math.min(first, point.time);
      last = Math.max(last, point.time);
      const id = point.tags[INSTANCE];
      if (id !== undefined) ids.add(id);
      if (point.metric.type === 'gauge') gauges.push(point);
      else read.test.collector.add(point.metric, point.value, point.tags);
    }
    for (const id of ids) {
      const other = seen.get(id);
      if (other !== undefined) throw invalid(file, `it has samples of instance ${id}, and ${other} has them too`);
      seen.set(id, file);
    }
  }
  const missing = Array.from({ length: instances }, (_, index) => String(index + 1)).filter((id) => !seen.has(id));
  if (missing.length > 0) throw invalid(files.join(', '), `samples of instance ${missing.join(', ')} are missing`);
  // A gauge's value is its last sample across all instances.
  for (const { metric, value, tags } of gauges.sort((a, b) => a.time - b.time)) {
    read.test.collector.add(metric, value, tags);
  }
  return { findings: judge(read, last - first), seconds: (last - first) / 1_000 };
}

async function* pointsOf(file: string, { test }: ReadTest): AsyncGenerator<Point> {
  const declared = new Set<string>();
  await using handle = await open(file).catch((error: Error) => {
    throw invalid(file, error.message);
  });
  for await (const text of handle.readLines()) {
    const line = readLine(text);
    if (line === 'cut') throw invalid(file, `a line is truncated: ${text.slice(0, 80)}`);
    if (line === undefined) continue;
    if (line.type === 'Metric') {
      declared.add(line.name);
      test.registry.declare(line.name, line.of, line.contains);
      continue;
    }
    const metric = declared.has(line.name) ? test.registry.get(line.name) : undefined;
    if (!metric)
      throw invalid(
        file,
        `its beginning is missing: it has samples of ${line.name} but not the definition of that metric`,
      );
    // k6 replaces the script's tags by those of the command line, which identify the instance.
    yield { ...line, tags: { ...test.options.tags, ...line.tags }, metric };
  }
}

function judge({ test, thresholds }: ReadTest, elapsed: number): Finding[] {
  thresholds.evaluate(elapsed);
  const seconds = elapsed / 1_000;
  return thresholds.all.map(({ selector, expression, sink, ok, isProved }) => {
    const values = sink.summaryNames(test.options.summaryTrendStats).map((name) => {
      const value = sink.aggregate(name, seconds) ?? 0;
      return `${name} ${Number(value.toPrecision(4))}`;
    });
    return {
      check: `threshold ${selector}`,
      expected: expression,
      observed: sink.isEmpty ? 'no samples' : values.join(', '),
      verdict: !isProved ? 'INCONCLUSIVE' : ok ? 'PASS' : 'FAIL',
    };
  });
}

const invalid = (file: string, why: string): ProofloadError => new ProofloadError('SAMPLES_INVALID', `${file}: ${why}`);
