import { z } from 'zod';
import type { ReadTest } from '../../engine/index.ts';

type Metric = NonNullable<ReturnType<ReadTest['test']['registry']['get']>>;

/** A sample from k6's JSON output. */
export interface Point {
  readonly metric: Metric;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly value: number;
  readonly tags: Readonly<Record<string, string>>;
}

const line = z.union([
  z
    .object({
      type: z.literal('Metric'),
      metric: z.string(),
      data: z.object({
        type: z.enum(['counter', 'gauge', 'rate', 'trend']),
        contains: z.enum(['default', 'time', 'data']),
      }),
    })
    .transform(({ metric, data }) => ({
      type: 'Metric' as const,
      name: metric,
      of: data.type,
      contains: data.contains,
    })),
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
    .transform(({ metric, data }) => ({
      type: 'Point' as const,
      name: metric,
      time: Date.parse(data.time),
      value: data.value,
      tags: data.tags ?? {},
    })),
]);

/**
 * Parses a line of k6's JSON output.
 *
 * @returns `cut` for a truncated line, or undefined for any other line, for example from a log.
 */
export function readLine(text: string): z.output<typeof line> | 'cut' | undefined {
  if (!text.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'cut';
  }
  return line.safeParse(value).data;
}
