import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseMetricSelector } from '../../engine/index.ts';
import { jsonIn } from '../../faults/base/json-in.ts';
import { now } from '../base/clock.ts';
import {
  ANSWERS,
  type CountEvent,
  type HistoryEvent,
  type RequestSample,
  type ThresholdEvent,
} from '../history/events.ts';
import { hasTags } from '../history/history.ts';
import { type Point, readAnswers } from './read-answers.ts';

interface Metric {
  type: string;
  values: Record<string, number>;
  thresholds?: Record<string, { ok: boolean }>;
}

interface Summary {
  metrics: Record<string, Metric>;
}

/** k6's own metrics, except those that become events. */
const OWN =
  /^(http_reqs|http_req_(duration|blocked|connecting|tls_handshaking|sending|waiting|receiving|failed)|data_(sent|received)|iterations|iteration_duration|vus|vus_max|checks|group_duration|dropped_iterations|event_loop_lag)$/;

/**
 * Reads an engine's output files as events: requests, the script's metrics, dropped iterations and thresholds, and how
 * many of them the engine has counted. Requests to the lab, which have the tag `lab`, are omitted.
 */
export async function* readSamples(files: { samples: string; summary: string }): AsyncGenerator<HistoryEvent> {
  const summary = await readSummary(files.summary);
  const counts = new SampleCounts(readThresholds(summary));
  let [ofLab, unreadable, isCut] = [0, 0, false];
  if (existsSync(files.samples)) {
    // A request's samples are consecutive: the duration comes first, followed by the connection.
    let request: RequestSample | undefined;
    const withAnswer = await readAnswers(files.samples);
    for await (const line of createInterface({ input: createReadStream(files.samples) })) {
      const point = jsonIn(line) as Point | undefined;
      // The last line of an engine that was killed may be incomplete.
      if (isCut) unreadable += 1;
      isCut = point === undefined;
      if (point?.type !== 'Point') continue;
      counts.see(point);
      if (point.metric === 'http_reqs' && point.data.tags?.lab !== undefined) ofLab += point.data.value;
      const isOfConnection = point.metric === 'http_req_connecting' && point.data.tags?.lab === undefined;
      if (request && isOfConnection) request.opened = point.data.value > 0;
      const event = toEvent(point);
      if (event?.type === 'request') {
        if (request) yield withAnswer(request);
        request = event;
      } else if (event) yield event;
    }
    if (request) yield withAnswer(request);
  }
  yield* counts.thresholds;
  const sum = summary.metrics.http_reqs?.values.count;
  if (sum !== undefined) yield { type: 'count', at: now(), of: 'requests of the generator', value: sum - ofLab };
  if (unreadable > 0) yield { type: 'count', at: now(), of: 'unreadable samples', value: unreadable };
  for (const [name, metric] of Object.entries(summary.metrics)) yield* totalOf(name, metric);
}

/** Returns how many samples of a script's metric the engine has counted, or their sum. It counts none of a Gauge. */
function* totalOf(metric: string, { type, values }: Metric): Generator<CountEvent> {
  const { count, passes = Number.NaN, fails = Number.NaN } = values;
  const value = type === 'rate' ? passes + fails : count;
  // The names of submetrics contain their tags.
  if (value === undefined || !Number.isFinite(value) || OWN.test(metric) || metric.includes('{')) return;
  yield { type: 'count', at: now(), of: type === 'counter' ? 'sum of samples' : 'samples', metric, value };
}

/** Returns a line's event, or undefined if the line is not used here or is truncated. */
export function sampleEvent(line: string): HistoryEvent | undefined {
  const point = jsonIn(line) as Point | undefined;
  return point?.type === 'Point' ? toEvent(point) : undefined;
}

function toEvent({ metric, data }: Point): HistoryEvent | undefined {
  const { value, tags = {}, metadata } = data;
  const at = epochMs(data.time);
  if (metric === 'http_req_duration' && tags.lab === undefined) {
    const { method = '', name = '', status = '0' } = tags;
    const trace = metadata?.trace_id;
    return {
      type: 'request',
      at: at - value,
      ms: value,
      method,
      name,
      status: Number(status),
      opened: false,
      tags,
      ...(trace !== undefined && { trace }),
    };
  }
  if (metric === 'dropped_iterations') return { type: 'engine', at, event: 'dropped', iterations: value };
  return OWN.test(metric) || metric === ANSWERS ? undefined : { type: 'metric', at, metric, value, tags };
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
  const text = await readFile(path, 'utf8').catch(() => '');
  return (jsonIn(text) as Summary | undefined) ?? { metrics: {} };
}

function readThresholds({ metrics }: Summary): ThresholdEvent[] {
  const at = now();
  return Object.entries(metrics).flatMap(([metric, { type, values, thresholds = {} }]) => {
    const { count: _, ...statistics } = values;
    return Object.entries(thresholds).map(
      ([expression, { ok }]): ThresholdEvent => ({
        type: 'threshold',
        at,
        metric,
        expression,
        ok,
        samples: 0,
        // The script did not request the number of a Trend's samples as a statistic.
        values: type === 'trend' ? statistics : values,
      }),
    );
  });
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
