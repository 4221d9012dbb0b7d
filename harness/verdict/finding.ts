import { z } from 'zod';
import type { Tags } from '../contract/tags.ts';

export const verdictSchema = z
  .enum(['PASS', 'FAIL', 'INCONCLUSIVE'])
  .describe(
    'PASS: it held, with enough data to detect a failure. FAIL: it did not hold. INCONCLUSIVE: not proven either way.',
  );

const tableSchema = z.object({
  columns: z.array(z.string()).describe('The first column contains the names of the rows, or the x axis of the curve.'),
  rows: z.array(z.array(z.union([z.string(), z.number()]))),
  curve: z
    .array(z.string())
    .exactOptional()
    .describe('Columns to draw as curves over the first, whose numbers never fall. All have the same unit.'),
});

const pieces = z.array(
  z.object({ text: z.string(), differs: z.literal(true).exactOptional().describe('It is not in the other text.') }),
);

const textsSchema = z
  .object({ expected: pieces, got: pieces })
  .describe('The expected text, and that which a caller got, in pieces of which some are only in one of them.');

export const changeSchema = z.object({
  path: z
    .array(z.string())
    .min(2)
    .readonly()
    .describe('The names from the root of the contract to the field. In profiles, "*" is the profile of the run.'),
  value: z.json().exactOptional().describe('The new value of the field, which may not exist yet. Absent: remove it.'),
});

export const findingSchema = z.object({
  check: z.string().describe('The promise that was judged.'),
  expected: z.string(),
  observed: z.string(),
  verdict: verdictSchema,
  requests: z
    .array(z.record(z.string(), z.string()) as unknown as z.ZodType<Tags>)
    .readonly()
    .exactOptional()
    .describe('Tags of the requests that were judged: those with all tags of one entry.'),
  traces: z
    .array(z.object({ id: z.string(), spans: z.int().nonnegative().describe('Number of spans in the history.') }))
    .exactOptional()
    .describe(
      'The traces of up to 3 of these requests, unless it passed: those that failed first, then those with spans.',
    ),
  evidence: z.array(z.string()).exactOptional().describe('Evidence, one line each.'),
  places: z
    .array(z.string())
    .exactOptional()
    .describe('What is wrong with which files. Among the scenarios of a run, only the first one reports a place.'),
  table: tableSchema.exactOptional().describe('Measurements side by side.'),
  texts: textsSchema.exactOptional(),
  voids: z
    .enum(['everything', 'times'])
    .exactOptional()
    .describe('The part of the record that is unreliable: no check that depends on it can fail.'),
  untimed: z
    .literal(true)
    .exactOptional()
    .describe('It failed although it allows for all pauses of the machine: unreliable times do not matter.'),
  lasting: z
    .literal(true)
    .exactOptional()
    .describe(
      'It is INCONCLUSIVE for a reason that does not depend on how busy the machine is: another run would not help.',
    ),
  needsPublicClients: z
    .literal(true)
    .exactOptional()
    .describe(
      'It is INCONCLUSIVE because clients had addresses of loopback, which services may trust more than others.',
    ),
  changes: z
    .array(changeSchema)
    .readonly()
    .exactOptional()
    .describe('Fields of the contract that would describe what the service did.'),
  secondsToRecover: z
    .number()
    .nonnegative()
    .exactOptional()
    .describe('Seconds from the end of a fault until the service worked again.'),
  checker: z.string().exactOptional().describe('The checker that found it.'),
  promises: z
    .array(z.array(z.string()).readonly())
    .readonly()
    .exactOptional()
    .describe('The promises of the contract that it judges: the names from its root. "*" is the profile of the run.'),
  restsOn: z
    .array(z.string())
    .exactOptional()
    .describe('The checkers that this one depends on, directly or through others, unless it passed.'),
  follows: z
    .string()
    .exactOptional()
    .describe('The check that explains this failed or inconclusive one: it failed, or the record is unreliable.'),
  usually: z.string().exactOptional().describe('The likely causes, unless it passed.'),
});

export type Verdict = z.output<typeof verdictSchema>;

/** A table of measurements. */
export type Table = z.output<typeof tableSchema>;

/** A change of the contract, so that it describes what the service did. */
export type Change = z.output<typeof changeSchema>;

/** The result of one check, as returned by checkers and written to verdict.json. */
export type Finding = z.output<typeof findingSchema>;

/** Returns how many have each verdict. */
export function countVerdicts(judged: readonly { readonly verdict: Verdict }[]): Record<Verdict, number> {
  const counts = { PASS: 0, FAIL: 0, INCONCLUSIVE: 0 };
  for (const { verdict } of judged) counts[verdict] += 1;
  return counts;
}

const BADNESS: Record<Verdict, number> = { PASS: 0, INCONCLUSIVE: 1, FAIL: 2 };

/** Returns the worst verdict. An empty list is INCONCLUSIVE, because nothing was proved. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'INCONCLUSIVE';
  return verdicts.reduce((a, b) => (BADNESS[b] > BADNESS[a] ? b : a));
}
