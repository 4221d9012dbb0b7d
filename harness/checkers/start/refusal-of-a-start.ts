import type { StartAttempt } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';

/** The expected error message and exit code. If no exit code is given, any code but 0 is accepted. */
interface Refusal {
  says: string;
  exitCode?: number | undefined;
}

/** The name of the check that a start with these settings is refused. */
export const checkOfRefusal = (about: string): string => `refuses to start: ${about}`;

/** Returns the attempt with this name. */
export const attemptAt = (history: History, about: string): StartAttempt | undefined =>
  history.all('start').find((start) => start.about === about);

/**
 * Judges whether the service refused to start, with the expected message and exit code. This proves nothing unless it
 * starts with the good settings of `control`.
 */
export function judgeRefusal(
  history: History,
  { about, control, says, exitCode }: Refusal & { about: string; control: string },
): Finding {
  const attempt = attemptAt(history, about);
  const judged = {
    check: checkOfRefusal(about),
    expected: `exits${exitCode === undefined ? '' : ` with code ${exitCode}`}, with the message "${says.slice(0, 48)}…"`,
  };
  if (!attempt) return { ...judged, observed: 'not tried', verdict: 'INCONCLUSIVE' };
  const said = attempt.output.includes(says);
  const exited = exitCode === undefined ? attempt.code !== 0 : attempt.code === exitCode;
  const observed = `${describeAttempt(attempt)}${said ? ', with that message' : ', without that message'}`;
  if (attempt.outcome !== 'refused' || !exited || !said) {
    const evidence = [attempt.output.slice(0, 200)];
    if (attempt.outcome !== 'refused' || !said) return { ...judged, observed, verdict: 'FAIL', evidence };
    const usually = `The start is refused with the exit code ${attempt.code}, and the contract promises ${exitCode ?? 'any but 0'}.`;
    return { ...judged, observed, verdict: 'FAIL', evidence, usually };
  }
  if (attemptAt(history, control)?.outcome === 'started') return { ...judged, observed, verdict: 'PASS' };
  return { ...judged, observed: `${observed}; but it did not start with ${control} either`, verdict: 'INCONCLUSIVE' };
}

/** Describes how an attempt ended. */
export function describeAttempt({ outcome, code }: StartAttempt): string {
  if (outcome === 'refused') return `exited with code ${code}`;
  return outcome === 'started' ? 'started' : 'neither started nor exited';
}
