/** How a history shows that an event is missing: events are numbered, and independent sources count them. */

import { z } from 'zod';

/** Milliseconds since the Unix epoch, with a fractional part (`now` in base/clock.ts). */
export const at = z.number();

/** Returns the schema of an event that has no number from its source. */
export const event = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  z.strictObject({
    type: z.literal(type),
    at,
    /** Its number among the events of its type, starting at 1: see `Recording`. Handwritten events have none. */
    n: z.int().positive().exactOptional(),
    ...fields,
  });

/** The service process, by the number in its log's name. Absent for the first process, and 2 or more for later ones. */
export const process = z.int().min(2).optional();

/**
 * A number that a part of the harness counted independently. The `counts-agree` checker compares it with the events.
 * k6 counts the samples of a Rate and of a Trend, and adds up those of a Counter.
 */
export const count = event('count', {
  value: z.number(),
  of: z.enum([
    'requests of the generator',
    'samples',
    'sum of samples',
    'unreadable samples',
    'log lines',
    'exports of telemetry',
  ]),
  /** The script's metric, if its samples were counted. */
  metric: z.string().exactOptional(),
  process,
});

/**
 * The end of the record, with the numbers that the events of each series have. Series of receipts may start above 1,
 * and `last` is below `first` if there are no events.
 */
export const end = z.strictObject({
  type: z.literal('end'),
  at,
  series: z.array(z.strictObject({ of: z.string(), first: z.int(), last: z.int() })),
});
