import { expect, test } from 'vitest';
import { z } from 'zod';
import { addUpstreamFault } from '../../../faults/kinds/index.ts';
import { defineUpstreamFault } from '../../../faults/kinds/lib/upstream-fault.ts';
import { faultsAnsweredInTime } from '../../../harness/checkers/upstream/faults-answered-in-time.ts';
import { isAttemptedOnce } from '../../../harness/contract/attempts.ts';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { registeredFaults } from '../../../harness/contract/registered-faults.ts';
import { History } from '../../../harness/history/history.ts';
import { loadScenario } from '../../../harness/run/scenario.ts';
import { promisedCalls } from '../../../mocks/promised-calls.ts';
import reference from '../../../service/proofload.config.ts';
import { type Failing, factsWith, failingHistory } from '../../support/failing.ts';

const status = z.int().min(500).max(599).default(529).describe('a whole number from 500 to 599');
const NO_ACTIONS = { fields: {}, create: () => ({}) };

// A team's own faults. What they do is not the subject.
for (const own of [
  defineUpstreamFault({ kind: 'doze', does: 'sleeps', effect: 'waits', ...NO_ACTIONS }),
  defineUpstreamFault({ kind: 'lie', does: 'lies', effect: 'fails', seen: 'body', ...NO_ACTIONS }),
  defineUpstreamFault({ kind: 'riddle', does: 'puzzles', effect: 'fails', ...NO_ACTIONS }),
  defineUpstreamFault({ kind: 'shut', does: 'shuts the port', effect: 'port', seen: 'connection', ...NO_ACTIONS }),
  defineUpstreamFault({
    kind: 'overloaded',
    does: 'is overloaded',
    effect: 'fails',
    seen: { field: 'status' },
    fields: { status },
    create: () => ({}),
  }),
]) {
  addUpstreamFault(own);
}

const inTime = (seen: Failing, onFault: Record<string, 'error'> = {}) =>
  faultsAnsweredInTime.judge(new History(failingHistory(seen)), factsWith({ onFault }));

test('a call that an own fault keeps waiting may take any time, like one that hangs', () => {
  for (const fault of ['hang', 'doze']) {
    expect(inTime({ fault, ms: 9_000 })).toEqual([]);
    expect(inTime({ fault, ms: 9_000 }, { [fault]: 'error' })).toMatchObject([{ expected: 'an answer' }]);
  }
  expect(inTime({ fault: 'lie', ms: 9_000 })).toMatchObject([{ expected: 'within 5 s', verdict: 'FAIL' }]);
});

test('an own fault that acts on the port leaves no receipt, like a refused connection', () => {
  for (const fault of ['refuse', 'shut']) expect(inTime({ fault, failing: 0 })).toMatchObject([{ verdict: 'PASS' }]);
  expect(inTime({ fault: 'lie', failing: 0 })).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

/** Loads a scenario of a breaker with this only failure, whose calls are repeated unless the body is broken. */
function scenarioWith(failure: { kind: string }, name = 'chaos/llm-outage') {
  const { groq } = reference.upstreams;
  const calls = { attempts: 3, on: ['5xx' as const], never: ['body' as const] };
  const llm = { ...reference.breakers.llm, failures: [failure], ignored: [], harmless: [] };
  const contract = contractSchema.parse({
    ...reference,
    upstreams: { ...reference.upstreams, groq: { ...groq, calls } },
    breakers: { ...reference.breakers, llm },
  });
  return loadScenario(name, contract, 'fast');
}

test('a breaker is judged by an own fault that breaks the body, like by a built-in one', async () => {
  for (const kind of ['malformed-json', 'lie']) expect(await scenarioWith({ kind })).not.toHaveProperty('skipped');
});

test('a breaker is judged by its outage only if nobody says how a client sees its failure, and the reason names the fault', async () => {
  const skipped = 'riddle may be repeated, because its file does not say how a client sees it (`seen`)';
  expect(await scenarioWith({ kind: 'riddle' }, 'chaos/llm-breaker-benefit')).toMatchObject({
    skipped: expect.stringContaining(skipped),
  });
});

test('an own fault may say in which field its status is, with its default', () => {
  const calls = promisedCalls.parse({ attempts: 3, on: ['5xx'], never: [529] });
  expect(isAttemptedOnce(calls, { kind: 'overloaded' }, registeredFaults())).toBe(true);
  expect(isAttemptedOnce(calls, { kind: 'overloaded', status: 503 }, registeredFaults())).toBe(false);
});
