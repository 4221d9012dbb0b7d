import { createReadStream } from 'node:fs';
import type { MetricType } from '../../engine/index.ts';
import { messageOf } from '../base/errors.ts';
import { timesFound } from '../base/in-words.ts';
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

/** The readable samples of one instance. */
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
  const reading = new PartReading(run, taken, receiver);
  try {
    for await (const bytes of readLines(file)) reading.add(bytes);
  } catch (error) {
    reading.problems.add(`it can't be read: ${messageOf(error)}`);
  }
  return { file, ...reading.end() };
}

/** The lines of an instance's file so far. */
class PartReading {
  readonly problems = new Problems();
  readonly #run: string;
  readonly #taken: ReadonlyMap<number, string>;
  readonly #receiver: Receiver;
  readonly #declared = new Set<string>();
  readonly #numbers = new IterationNumbers();
  readonly #sums = new SampleSums();
  readonly #checksum = new PosixChecksum();
  readonly #totals: Totals[] = [];
  #end: EndMark | undefined;
  #part: number | undefined;
  #lines = 0;
  #samples = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(run: string, taken: ReadonlyMap<number, string>, receiver: Receiver) {
    this.#run = run;
    this.#taken = taken;
    this.#receiver = receiver;
  }

  /** Reads a line with its line break. */
  add(bytes: Buffer): void {
    const line = readLine(bytes.toString());
    if (this.#end) this.problems.add('lines after its end');
    if (line !== undefined && line !== 'cut' && line.type === 'End') {
      this.#addEnd(line);
      return;
    }
    this.#lines += 1;
    this.#checksum.add(bytes);
    if (line === 'cut') this.problems.add('a truncated line');
    else if (line?.type === 'Point') this.#addPoint(line);
    else if (line?.type === 'Totals') this.#totals.push(line);
    else if (line?.type === 'Metric') this.#declare(line);
  }

  /** Checks the totals, and returns the part. Call it after the last line. */
  end(): Omit<Part, 'file'> {
    // Without samples, a threshold such as `dropped_iterations: count==0` would pass.
    if (this.#samples === 0) this.problems.add('no samples of this run');
    this.problems.addAll(this.#numbers.problems);
    const [totals] = this.#totals;
    const differences = totals?.run === this.#run ? this.#sums.differences(totals) : [];
    this.problems.addAll(totalsProblems(this.#totals, this.#run));
    this.problems.addAll(differences.map(({ text }) => `samples differ from the totals of k6: ${text}`));
    return {
      part: this.#part,
      problems: [...(this.#end ? [] : ['its end is missing: there is no end mark']), ...this.problems.list],
      isRepeated: this.#numbers.isRepeated || this.#totals.length > 1 || differences.some(({ isMore }) => isMore),
      exit: this.#end?.run === this.#run ? this.#end.exit : -1,
      samples: this.#samples,
      iterations: this.#numbers.count,
      first: this.#first,
      last: this.#last,
    };
  }

  #addEnd(end: EndMark): void {
    const { bytes, value: checksum } = this.#checksum;
    this.problems.addAll(endProblems(end, this.#run, { lines: this.#lines, bytes, checksum }));
    this.#end = end;
    this.#part ??= end.part;
    if (end.part !== this.#part) this.problems.add(`the end of part ${end.part}`);
  }

  #declare(metric: MetricLine): void {
    if (this.#receiver.declare(metric)) this.#declared.add(metric.name);
    else this.problems.add(`another metric with the name ${metric.name}`);
  }

  #addPoint(point: PointLine): void {
    const { name, value, time, tags } = point;
    const foreign = this.#whyForeign(tags);
    if (foreign !== undefined) {
      this.problems.add(foreign);
      return;
    }
    if (!this.#declared.has(name)) {
      this.problems.add(`samples of ${name} without its definition: the beginning is missing`);
    }
    const type = this.#receiver.typeOf(name);
    if (type === undefined) return;
    this.#samples += 1;
    this.#first = Math.min(this.#first, time);
    this.#last = Math.max(this.#last, time);
    for (const counted of this.#receiver.namesOf(point)) this.#sums.add(counted, type, value);
    if (name === ITERATION) this.#numbers.add(tags[VU] ?? '', value);
    this.#receiver.add(point);
  }

  /** Returns why a sample with these tags is not of this run and this instance. */
  #whyForeign(tags: PointLine['tags']): string | undefined {
    if (tags[RUN] !== this.#run) return `samples of ${tags[RUN] === undefined ? 'no run' : `the run ${tags[RUN]}`}`;
    const instance = Number(tags[INSTANCE]);
    if (!Number.isInteger(instance)) return 'samples of no part';
    this.#part ??= instance;
    if (instance !== this.#part) return `samples of part ${instance}`;
    const other = this.#taken.get(this.#part);
    return other === undefined ? undefined : `samples of this part, which are also in ${other}`;
  }
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
    return [...this.#times].map((found) => timesFound(...found));
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
