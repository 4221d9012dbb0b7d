import { createReadStream } from 'node:fs';
import type { MetricType } from '../../engine/index.ts';
import { messageOf } from '../base/errors.ts';
import type { EndMark } from './end-mark.ts';
import { IterationNumbers } from './iteration-numbers.ts';
import { INSTANCE, ITERATION, RUN, VU } from './names.ts';
import { PosixChecksum } from './posix-checksum.ts';
import { type MetricLine, type PointLine, readLine } from './sample-line.ts';
import { SampleSums, type Totals } from './totals.ts';

const NEWLINE = 0x0a;

/** The receiver of an instance's samples. */
export interface Receiver {
  /** Declares a metric. Returns false if the script has another metric with this name. */
  declare(metric: MetricLine): boolean;
  /** Returns the type of a metric that the script, k6 or an instance has declared. */
  typeOf(name: string): MetricType | undefined;
  /** Returns the names under which k6's totals count a sample: its metric and the metric's submetrics. */
  namesOf(point: PointLine): string[];
  add(point: PointLine): void;
}

/** The samples of one instance, as far as they could be read. */
export interface Part {
  readonly file: string;
  /** The instance's number, or undefined if the file has no samples. */
  readonly part: number | undefined;
  /** Why the samples are not all samples of this instance. */
  readonly problems: readonly string[];
  /** Whether samples may be there twice. */
  readonly isRepeated: boolean;
  /** k6's exit code, or -1 if it is not known. */
  readonly exit: number;
  readonly samples: number;
  readonly iterations: number;
  /** When the first and the last sample were recorded, in milliseconds since the Unix epoch. */
  readonly first: number;
  readonly last: number;
}

/**
 * Reads the samples of one instance. They are complete if they are all of this run and this instance, if the iterations
 * of each VU are numbered without gaps, if their sums are k6's own totals, and if the end mark matches.
 *
 * @param file The `--out json` output of the instance and its marks. It may contain other lines, for example of a log.
 * @param run The run's id.
 * @param taken The files that were read before, by instance. Samples of the same instance are ignored.
 * @param receiver Receives the samples of this run and this instance, also if some are missing.
 */
export async function readPart(
  file: string,
  run: string,
  taken: ReadonlyMap<number, string>,
  receiver: Receiver,
): Promise<Part> {
  const problems = new Problems();
  const declared = new Set<string>();
  const numbers = new IterationNumbers();
  const sums = new SampleSums();
  const checksum = new PosixChecksum();
  const marks: { totals: Totals[]; end: EndMark | undefined } = { totals: [], end: undefined };
  let part: number | undefined;
  let [lines, samples] = [0, 0];
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  /** Returns why a sample with these tags is not of this run and this instance. */
  const whyForeign = (tags: PointLine['tags']): string | undefined => {
    if (tags[RUN] !== run) return `samples of ${tags[RUN] === undefined ? 'no run' : `the run ${tags[RUN]}`}`;
    const instance = Number(tags[INSTANCE]);
    if (!Number.isInteger(instance)) return 'samples of no part';
    part ??= instance;
    if (instance !== part) return `samples of part ${instance}`;
    const other = taken.get(part);
    return other === undefined ? undefined : `samples of this part, which are also in ${other}`;
  };
  const addPoint = (point: PointLine): void => {
    const { name, value, time, tags } = point;
    if (!declared.has(name)) problems.add(`samples of ${name} without its definition: the beginning is missing`);
    const type = receiver.typeOf(name);
    if (type === undefined) return;
    samples += 1;
    first = Math.min(first, time);
    last = Math.max(last, time);
    for (const one of receiver.namesOf(point)) sums.add(one, type, value);
    if (name === ITERATION) numbers.add(tags[VU] ?? '', value);
    receiver.add(point);
  };

  try {
    for await (const bytes of readLines(file)) {
      const line = readLine(bytes.toString());
      if (marks.end) problems.add('lines after its end');
      if (line !== undefined && line !== 'cut' && line.type === 'End') {
        problems.addAll(endProblems(line, run, { lines, bytes: checksum.bytes, checksum: checksum.value }));
        marks.end = line;
        part ??= line.part;
        if (line.part !== part) problems.add(`the end of part ${line.part}`);
        continue;
      }
      lines += 1;
      checksum.add(bytes);
      if (line === 'cut') problems.add('a truncated line');
      else if (line?.type === 'Point') {
        const foreign = whyForeign(line.tags);
        if (foreign === undefined) addPoint(line);
        else problems.add(foreign);
      } else if (line?.type === 'Totals') marks.totals.push(line);
      else if (line?.type === 'Metric') {
        if (receiver.declare(line)) declared.add(line.name);
        else problems.add(`another metric with the name ${line.name}`);
      }
    }
  } catch (error) {
    problems.add(`it can't be read: ${messageOf(error)}`);
  }
  // A count of dropped iterations would pass without any.
  if (samples === 0) problems.add('no samples of this run');
  problems.addAll(numbers.problems);
  const [totals] = marks.totals;
  const differences = totals?.run === run ? sums.differences(totals) : [];
  problems.addAll(totalsProblems(marks.totals, run));
  problems.addAll(differences.map(({ text }) => `other samples than k6 counted: ${text}`));
  return {
    file,
    part,
    problems: [...(marks.end ? [] : ['its end is missing: there is no end mark']), ...problems.list],
    isRepeated: numbers.isRepeated || marks.totals.length > 1 || differences.some(({ isMore }) => isMore),
    exit: marks.end?.run === run ? marks.end.exit : -1,
    samples,
    iterations: numbers.count,
    first,
    last,
  };
}

function endProblems(
  end: EndMark,
  run: string,
  found: { readonly lines: number; readonly bytes: number; readonly checksum: number },
): string[] {
  const { exit, reason } = end;
  return [
    ...(end.run === run ? [] : [`the end of the run ${end.run}`]),
    ...(end.lines === found.lines ? [] : [`${found.lines} lines instead of ${end.lines}`]),
    ...(end.lines !== found.lines || (end.bytes === found.bytes && end.checksum === found.checksum)
      ? []
      : ['lines that were changed']),
    ...(exit === 0 || exit === MARKED_AS_FAILED ? [] : [exitProblem(exit)]),
    ...(reason === undefined || reason === 'Completed' || exit === MARKED_AS_FAILED
      ? []
      : [`a container with the state ${reason}`]),
  ];
}

/** k6's exit code if the script called `exec.test.fail()`. The run is complete, and it failed. */
export const MARKED_AS_FAILED = 110;

function exitProblem(exit: number): string {
  if (exit < 0) return 'no exit code of k6';
  return exit > 128 && exit < 160 ? `k6 killed by signal ${exit - 128}` : `k6's exit code ${exit}`;
}

function totalsProblems(found: readonly Totals[], run: string): string[] {
  const [totals] = found;
  if (!totals) return ["k6's own totals are missing"];
  if (found.length > 1) return ["k6's own totals are there several times"];
  return totals.run === run ? [] : [`k6's own totals are of the run ${totals.run}`];
}

/** Texts in the order in which they were found, each with the number of times. */
class Problems {
  readonly #times = new Map<string, number>();

  add(text: string): void {
    this.#times.set(text, (this.#times.get(text) ?? 0) + 1);
  }

  addAll(texts: readonly string[]): void {
    for (const text of texts) this.add(text);
  }

  get list(): string[] {
    return [...this.#times].map(([text, times]) => (times === 1 ? text : `${text} (${times} times)`));
  }
}

/**
 * Reads a file line by line, without decoding it. Each line includes its line break, which the last one may lack.
 *
 * @throws Error if the file can't be read
 */
async function* readLines(file: string): AsyncGenerator<Buffer> {
  let kept: Buffer[] = [];
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = chunk.subarray(start, end + 1);
      yield kept.length > 0 ? Buffer.concat([...kept, line]) : line;
      kept = [];
      start = end + 1;
    }
    if (start < chunk.length) kept.push(chunk.subarray(start));
  }
  if (kept.length > 0) yield Buffer.concat(kept);
}
