import { bearsASoak } from '../../../../harness/checkers/load/bears-a-soak.ts';
import { bearsItsLoad } from '../../../../harness/checkers/load/bears-its-load.ts';
import { endpointsAskForProof } from '../../../../harness/checkers/load/endpoints-ask-for-proof.ts';
import { endpointsServed } from '../../../../harness/checkers/load/endpoints-served.ts';
import { loadServed } from '../../../../harness/checkers/load/load-served.ts';
import { recovers } from '../../../../harness/checkers/load/recovers.ts';
import { steadyState } from '../../../../harness/checkers/load/steady-state.ts';
import { survivesASpike } from '../../../../harness/checkers/load/survives-a-spike.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { testCases, testNotApplicable, withPlan } from '../../../support/cases.ts';
import { facts, request, T0 } from '../../../support/history.ts';

const { health: _, ...endpoints } = facts().contract.endpoints;
const { memory: __, authentication: ___, ...contract } = { ...facts().contract, endpoints };
const { pool: ____, ...numbers } = facts().numbers;
const fewer = { ...facts(), contract, numbers };

const NAMES = Object.keys(facts().contract.endpoints);
const GUARDED = ['conversation-end', 'conversation-read', 'activities-suggest'];

/** An upstream is healed, and a call that reaches it is served. */
const HEALED: HistoryEvent[] = [
  { type: 'fault', at: T0 + 100, upstream: 'groq', asked: {} } as HistoryEvent,
  request(200, 10, 201, { endpoint: 'conversation-end' }),
];

testCases([
  {
    checker: bearsASoak,
    given: facts(),
    checks: [
      'serves a soak in time',
      'no slower at the end of a soak',
      'memory does not grow in a soak',
      'stays within the pool in a soak',
    ],
  },
  { checker: bearsASoak, given: fewer, checks: ['serves a soak in time', 'no slower at the end of a soak'] },
  { checker: bearsItsLoad, given: facts(), checks: [`capacity: ${facts().contract.capacity?.endpoint}`] },
  {
    checker: endpointsAskForProof,
    given: facts(),
    checks: GUARDED.map((name) => `requires credentials: ${name}`),
  },
  { checker: endpointsServed, given: facts(), checks: NAMES.map((name) => `serves ${name}`) },
  { checker: loadServed, given: facts(), checks: NAMES.map((name) => `serves ${name} under load`) },
  { checker: recovers, given: facts(), checks: ['steady state after'] },
  {
    checker: recovers,
    given: withPlan(facts(), { action: 'recovery of', upstream: 'groq' }),
    checks: ['steady state after', 'time to recover'],
    events: HEALED,
  },
  { checker: steadyState, given: facts(), checks: ['steady state before'] },
  {
    checker: survivesASpike,
    given: facts(),
    checks: ['serves or refuses a spike', 'health stays up: spike', 'recovers after a spike'],
  },
  {
    checker: survivesASpike,
    given: fewer,
    checks: ['serves or refuses a spike', 'recovers after a spike'],
  },
]);

testNotApplicable([[endpointsAskForProof, fewer]]);
