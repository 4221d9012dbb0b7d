import { beginCall, callUntilServed, failTogether, probe } from './breaker.ts';
import { type Breaker, type Fault, findBreaker } from './context.ts';
import { isQuick, ON_PORT, WAITING } from './faults/fault-kinds.ts';
import { lab } from './lab.ts';
import { CALL_TIMEOUT } from './lasting.ts';
import { call } from './service.ts';
import { times, together } from './wait.ts';

/** What each fault of an upstream is to a breaker. */
export type Policy = Pick<Breaker, 'failures' | 'ignored' | 'harmless'>;

/**
 * Goes through a policy of a breaker: rows of as many failures as the threshold, each of another kind, open it; what is ignored
 * neither counts nor ends a row; what is harmless ends one. Phases tell the checker what it has to look at.
 */
export async function failurePolicy(name: string, policy: Policy): Promise<void> {
  const breaker = findBreaker(name);
  for (const row of rowsOf(policy.failures, breaker.threshold)) await openBy(name, breaker, row);
  if (policy.ignored.length > 0) await passOver(name, breaker, policy.ignored);
  if (policy.harmless.length > 0) await endRows(name, breaker, policy.harmless);
}

/** Seconds that it takes: each row of failures ends with a breaker that opened; what is ignored with one that may do so twice. */
export function policySeconds({ threshold, failures, ignored, recoverySeconds }: Breaker): number {
  const rows = rowsOf(failures, threshold);
  const waited = rows.filter(([first]) => WAITING.includes(first?.kind ?? '')).length;
  const openings = rows.length + 2 * Math.min(1, ignored.length);
  return openings * recoverySeconds + waited * CALL_TIMEOUT;
}

/** Failures by rows of at most `length`, those of a row alike in how they act: those that keep a caller waiting are waited for once. */
function rowsOf(failures: readonly Fault[], length: number): Fault[][] {
  const onPort = failures.filter(({ kind }) => ON_PORT.includes(kind));
  const waiting = failures.filter(({ kind }) => WAITING.includes(kind));
  const quick = failures.filter(isQuick);
  return [...chunks(quick, length), ...chunks(waiting, length), ...chunks(onPort, 1)];
}

const chunks = <Item>(items: readonly Item[], length: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / length) }, (_, index) =>
    items.slice(index * length, (index + 1) * length),
  );

/** As a table of results would name it: its kind, and what else is told of it. */
const labelOf = ({ kind, ...fields }: Fault): string =>
  [kind, ...Object.values(fields).filter((field) => typeof field !== 'object')].join(' ');

const labels = (faults: readonly Fault[]): string => faults.map(labelOf).join(', ');

/** As many failures in a row as the threshold: all begun at once, so that the longest is the only one that is waited for. */
async function openBy(name: string, breaker: Breaker, row: Fault[]): Promise<void> {
  const { upstream, endpoint, threshold } = breaker;
  const phase = `row of ${name}: ${labels(row)}`;
  await lab.phase(phase);
  const [first] = row as [Fault];
  const fault = ON_PORT.includes(first.kind)
    ? first
    : { kind: 'mix', of: row.map((one) => ({ ...one, weight: 1 })), next: threshold };
  await lab.fault(upstream, fault);
  await together(threshold, () => call(endpoint, { phase, about: 'failure' }));
  await lab.heal(upstream);
  await probeAndRecover(breaker, `after row of ${name}: ${labels(row)}`);
}

/** One failure less than the threshold, then one of each of the kinds that are ignored, then the failure that opens it. */
async function passOver(name: string, breaker: Breaker, ignored: readonly Fault[]): Promise<void> {
  const { upstream, endpoint, threshold } = breaker;
  const phase = `ignored by ${name}: ${labels(ignored)}`;
  await lab.phase(phase);
  await failTogether(breaker, threshold - 1, phase);
  await times(ignored.length, async (index) => {
    await lab.fault(upstream, { ...(ignored[index] as Fault), next: 1 });
    await call(endpoint, { phase, about: labelOf(ignored[index] as Fault) });
  });
  await failTogether(breaker, 1, phase);
  const after = `after ignored by ${name}: ${labels(ignored)}`;
  await lab.phase(after);
  await probe(breaker, after);
  await tryWith(name, breaker, ignored[0] as Fault);
  await recover(breaker, after);
}

/** The trial meets a fault that decides nothing, or whatever else the service takes it for: it does not end the trials. */
async function tryWith(name: string, breaker: Breaker, fault: Fault): Promise<void> {
  const phase = `trial of ${name}: ${labelOf(fault)}`;
  await lab.phase(phase);
  const { answered } = await beginCall(breaker, { phase }, [fault]);
  await answered;
  await lab.heal(breaker.upstream);
}

async function probeAndRecover(breaker: Breaker, phase: string): Promise<void> {
  await lab.phase(phase);
  await probe(breaker, phase);
  await recover(breaker, phase);
}

async function recover(breaker: Breaker, from: string): Promise<void> {
  await lab.phase(`recovery from ${from}`);
  await callUntilServed(breaker, 'recovery');
}

/** Rows of one failure less than the threshold, and between them a call of each of the kinds that are harmless. */
async function endRows(name: string, breaker: Breaker, harmless: readonly Fault[]): Promise<void> {
  const { upstream, endpoint, threshold } = breaker;
  const phase = `harmless to ${name}: ${labels(harmless)}`;
  await lab.phase(phase);
  await times(harmless.length, async (index) => {
    await failTogether(breaker, threshold - 1, phase);
    await lab.fault(upstream, { ...(harmless[index] as Fault), next: 1 });
    await call(endpoint, { phase, about: labelOf(harmless[index] as Fault) });
  });
  await failTogether(breaker, threshold - 1, phase);
  await call(endpoint, { phase, about: 'no fault' });
  await recover(breaker, phase);
}

/** The policy that is about one kind alone. */
export const onlyAbout = (part: keyof Policy, fault: Fault): Policy => ({
  ...{ failures: [], ignored: [], harmless: [] },
  [part]: [fault],
});
