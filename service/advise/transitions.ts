import { z } from 'zod';

/** A breaker's state change as read from the log. `at` is in milliseconds since the epoch. */
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

/** Parses a log line. Returns undefined if it is not a breaker transition. */
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
