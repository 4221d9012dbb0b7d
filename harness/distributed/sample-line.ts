import { z } from 'zod';
import { jsonIn } from '../../faults/base/json-in.ts';
import { endMark } from './end-mark.ts';
import { totals } from './totals.ts';

const line = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('Metric'),
      metric: z.string(),
      data: z.object({
        type: z.enum(['counter', 'gauge', 'rate', 'trend']),
        contains: z.enum(['default', 'time', 'data']),
      }),
    })
    .transform(({ type, metric, data }) => ({ type, name: metric, of: data.type, contains: data.contains })),
  z
    .object({
      type: z.literal('Point'),
      metric: z.string(),
      data: z.object({
        time: z.string(),
        value: z.number(),
        tags: z.record(z.string(), z.string()).nullish(),
      }),
    })
    .transform(({ type, metric, data }) => ({
      type,
      name: metric,
      /** Milliseconds since the Unix epoch. */
      time: Date.parse(data.time),
      value: data.value,
      tags: data.tags ?? {},
    })),
  totals,
  endMark,
]);

type Line = z.output<typeof line>;

/** The definition of a metric in k6's JSON output. */
export type MetricLine = Extract<Line, { type: 'Metric' }>;

/** A sample from k6's JSON output. */
export type PointLine = Extract<Line, { type: 'Point' }>;

/**
 * Parses a line of an instance's samples.
 *
 * @returns `cut` for a truncated line, or undefined for any other line, for example from a log.
 */
export function readLine(text: string): Line | 'cut' | undefined {
  if (!text.startsWith('{')) return undefined;
  const value = jsonIn(text);
  return value === undefined ? 'cut' : line.safeParse(value).data;
}
