import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseMetricSelector } from '../../engine/index.ts';
import { now } from '../base/clock.ts';
import type { HistoryEvent, RequestSample, ThresholdEvent } from '../history/events.ts';
import { hasTags } from '../history/history.ts';

/** A line of k6's JSON output, reduced to the fields that are used here. */
interface Point {
  type: string;
  metric: string;
  data: { time: string; value: number; tags?: Record<string, string>; metadata?: Record<string, string> };
}

interface Summary {
  metrics: Record<string, { values: Record<string, number>; thresholds?: Record<string, { ok: boolean }> }>;
}

/** k6's own metrics, except those that become events. */
const OWN = /^(http_req|data_|iteration|vus|checks|group_duration|dropped_iterations|event_loop)/;

/**
 * Reads an engine's output files as events: requests, the script's metrics, dropped iterations and thresholds. Requests
 * to the lab, which have the tag `lab`, are omitted.
 */
export async function* readSamples(files: { samples: string; summary: string }): AsyncGenerator<HistoryEvent> {
  const summary = await readSummary(files.summary);
  const counts = new SampleCounts(readThresholds(summary));
  let ofLab = 0;
  if (existsSync(files.samples)) {
    // A request's samples are consecutive: the duration comes first, followed by the connection.
    let request: RequestSample | undefined;
    for await (const line of createInterface({ input: createReadStream(files.samples) })) {
      const point = parse(line);
      if (!point) continue;
      counts.see(point);
      if (point.metric === 'http_reqs' && point.data.tags?.lab !== undefined) ofLab += point.data.value;
      const isOfConnection = point.metric === 'http_req_connecting' && point.data.tags?.lab === undefined;
      if (request && isOfConnection) request.opened = point.data.value > 0;
      const event = toEvent(point);
      if (event?.type === 'request') {
        if (request) yield request;
        request = event;
      } else if (event) yield event;
    }
    if (request) yield request;
  }
  yield* counts.thresholds;
  const sum = summary.metrics.http_reqs?.values.count;
  if (sum !== undefined) yield { type: 'count', at: now(), of: 'requests of the generator', value: sum - ofLab };
}

/** Returns a line's event, or undefined if the line is not used here or is truncated. */
export function sampleEvent(line: string): HistoryEvent | undefined {
  const point = parse(line);
  return point && toEvent(point);
}

function parse(line: string): Point | undefined {
  try {
    const point = JSON.parse(line) as Point;
    return point.type === 'Point' ? point : undefined;
  } catch {
    return undefined; // the last line of an engine that was killed
  }
}

function toEvent({ metric, data }: Point): HistoryEvent | undefined {
  const { value, tags = {}, metadata } = data;
  const at = epochMs(data.time);
  if (metric === 'http_req_duration' && tags.lab === undefined) {
    const { method = '', name = '', status = '0' } = tags;
    const trace = metadata?.trace_id;
    return {
      ...{ type: 'request', at: at - value, ms: value, method, name, status: Number(status), opened: false, tags },
      ...(trace !== undefined && { trace }),
    };
  }
  if (metric === 'dropped_iterations') return { type: 'engine', at, event: 'dropped', iterations: value };
  return OWN.test(metric) ? undefined : { type: 'metric', at, metric, value, tags };
}

/**
 * Parses an RFC 3339 time with any number of fractional digits to milliseconds since the epoch. Date keeps only three
 * fractional digits.
 */
function epochMs(time: string): number {
  const [, fraction = ''] = /\.(\d+)/.exec(time) ?? [];
  return Date.parse(time.replace(/\.\d+/, '')) + Number(`0.${fraction || 0}`) * 1_000;
}

/** Returns an empty summary if there is none, or only part of one: the engine was killed, or the disk is full. */
async function readSummary(path: string): Promise<Summary> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return { metrics: {} };
  }
}

function readThresholds({ metrics }: Summary): ThresholdEvent[] {
  const at = now();
  return Object.entries(metrics).flatMap(([metric, { values, thresholds = {} }]) =>
    Object.entries(thresholds).map(
      ([expression, { ok }]): ThresholdEvent => ({
        type: 'threshold',
        at,
        metric,
        expression,
        ok,
        samples: 0,
        values,
      }),
    ),
  );
}

/** Counts, for each threshold, the samples of its metric or submetric (`metric{tag:value,…}`). */
class SampleCounts {
  readonly thresholds: readonly ThresholdEvent[];
  readonly #wanted: { metric: string; tags: Record<string, string>; threshold: ThresholdEvent }[];

  constructor(thresholds: readonly ThresholdEvent[]) {
    this.thresholds = thresholds;
    this.#wanted = thresholds.map((threshold) => ({ ...parseMetricSelector(threshold.metric), threshold }));
  }

  see({ metric, data }: Point): void {
    for (const { metric: name, tags, threshold } of this.#wanted) {
      if (name === metric && hasTags(data.tags ?? {}, tags)) threshold.samples += 1;
    }
  }
}
