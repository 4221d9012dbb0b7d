import { z } from 'zod';

/** One change of a breaker's state, as the service logs it. `at`: milliseconds since the epoch. */
export interface LoggedTransition {
  readonly at: number;
  readonly breaker: string;
  readonly to: 'open' | 'half_open' | 'closed';
  readonly failures: number;
  readonly recoverySeconds: number;
}

const lineSchema = z.object({
  time: z.number(),
  breaker: z.string(),
  state: z.enum(['open', 'half_open', 'closed']),
  failures: z.number(),
  recovery_seconds: z.number().positive(),
});

/** Reads a line of the service's log; undefined for every line that tells of no transition. */
export function readTransition(line: string): LoggedTransition | undefined {
  const parsed = lineSchema.safeParse(parseJson(line));
  if (!parsed.success) return undefined;
  const { time, breaker, state, failures, recovery_seconds } = parsed.data;
  return { at: time, breaker, to: state, failures, recoverySeconds: recovery_seconds };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
