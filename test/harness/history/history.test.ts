import { expect, test } from 'vitest';
import type { Contract } from '../../../harness/contract/contract.ts';
import type { Tags } from '../../../harness/contract/tags.ts';
import { History } from '../../../harness/history/history.ts';
import { transitionReader } from '../../../harness/history/transitions.ts';
import { begun, facts, receipt, request } from '../../support/history.ts';

test('assigns requests to a phase by number, whatever the clocks say', () => {
  const history = new History([
    begun(1, { action: 'open' }, 100, 4),
    receipt(5, 99, 1, 'groq'),
    receipt(6, 250, 1, 'groq'),
    receipt(7, 110, 1, 'mem0'),
    begun(2, { action: 'half-open' }, 200, 7),
    receipt(8, 199, 1, 'groq'),
    begun(3, { action: 'open' }, 300, 8),
    receipt(9, 301, 1, 'groq'),
  ]);
  const arrived = (action: 'open' | 'half-open' | 'closed') =>
    history.receiptsIn(history.phases(action), 'groq').map(({ seq }) => seq);
  expect(arrived('open')).toEqual([5, 6, 9]);
  expect(arrived('half-open')).toEqual([8]);
  expect(arrived('closed')).toEqual([]);
});

test('events that are added later are returned as well, sorted by time', () => {
  const history = new History([request(2, 1, 201, {})]);
  const before = history.all('request');
  history.add(request(1, 1, 200, {}));
  expect(history.all('request').map(({ status }) => status)).toEqual([200, 201]);
  expect(before).toHaveLength(1);
});

test('assigns queries to a phase by time, because the database numbers its receipts separately', () => {
  const history = new History([
    begun(1, { action: 'open' }, 100, 4),
    receipt(5, 150, 1, 'database'),
    begun(2, { action: 'half-open' }, 200, 7),
    receipt(6, 201, 1, 'database'),
  ]);
  expect(history.receiptsIn(history.phases('open'), 'database').map(({ seq }) => seq)).toEqual([5]);
  expect(history.receiptsIn(history.phases('half-open'), 'database').map(({ seq }) => seq)).toEqual([6]);
});

test('finds requests that have all of the given tags', () => {
  const history = new History([
    begun(1, { action: 'open' }, 0, 0),
    request(2, 1, 200, { phase: '1', about: 'health' }),
    request(1, 1, 201, { phase: '1' }),
    request(1, 1, 500, { about: 'health' }),
  ]);
  const open = history.phases('open');
  expect(history.requestsIn(open).map(({ status }) => status)).toEqual([201, 200]);
  expect(history.requestsIn(open, { about: 'health' })).toHaveLength(1);
  expect(history.requests({ about: 'health' })).toHaveLength(2);
});

test('the phase of an entry that is missing has no requests, not those of all phases', () => {
  const history = new History([request(1, 1, 200, { phase: '1' }), request(2, 1, 200, {})]);
  const [missing] = history.own('misspelt');
  expect(history.requests({ phase: missing?.tag } as Tags)).toEqual([]);
  expect(history.requestsIn(history.own('misspelt'))).toEqual([]);
});

test('finds the phases with an action, and with values of its fields', () => {
  const history = new History([
    begun(1, { action: 'crowd', upstream: 'groq' }, 0, 0),
    begun(2, { action: 'crowd of streams', upstream: 'groq' }, 100, 0),
    begun(3, { action: 'crowd', upstream: 'mem0' }, 200, 0),
    begun(4, { action: 'crowd', upstream: 'groq' }, 300, 0),
  ]);
  const ids = (phases: { readonly id: number }[]) => phases.map(({ id }) => id);
  expect(ids(history.phases('crowd'))).toEqual([1, 3, 4]);
  expect(ids(history.phases('crowd', { upstream: 'groq' }))).toEqual([1, 4]);
});

const LLM_OPENED = '⚠️ Circuit breaker opened for _invoke_llm after 5 failures';
const MEMORY_OPENED = '⚠️ Circuit breaker opened for extract_memories_from_api after 5 failures';
const LLM_CLOSED = '✅ Circuit breaker closed - LLM API recovered';
const MEMORY_CLOSED = '✅ Circuit breaker closed - Memory API recovered';
/** The line from the specification, which doesn't name the breaker. */
const HALF_OPEN = '⏱️ Circuit breaker attempting recovery after 2 seconds';

/** Returns a reader for the log of a new process. `change` changes the log patterns of each breaker. */
function readerOf(change: (log: NonNullable<Contract['breakers'][string]['log']>) => object = () => ({})) {
  const { contract, numbers } = facts();
  const breakers = Object.entries(contract.breakers).map(([name, breaker]) => {
    const log = breaker.log as NonNullable<typeof breaker.log>;
    return [name, { ...breaker, log: { ...log, ...change(log) } }] as const;
  });
  return transitionReader({ ...contract, breakers: Object.fromEntries(breakers) }, numbers);
}

test.each([
  ['⚠️ Circuit breaker opened for _invoke_llm after 5 failures', 'llm', 'open'],
  ['{"breaker":"llm","msg":"⚠️ Circuit breaker opened for _invoke_llm after 6 failures"}', 'llm', 'open'],
  ['{"breaker":"memory","msg":"⏱️ Circuit breaker attempting recovery after 2 seconds"}', 'memory', 'half-open'],
  ['{"breaker":"llm","msg":"⏱️ Circuit breaker attempting recovery after 2 seconds"}', 'llm', 'half-open'],
  ['✅ Circuit breaker closed - Memory API recovered', 'memory', 'closed'],
])('reads %s', (line, breaker, to) => {
  const read = readerOf();
  for (const opened of [LLM_OPENED, MEMORY_OPENED]) read(opened, 0);
  expect(read(line, 1)).toEqual({ type: 'transition', at: 1, breaker, to, line });
});

test.each([
  'listening on http://127.0.0.1:8000',
  '{"breaker":"llm","msg":"⏱️ Circuit breaker attempting recovery after 60 seconds"}',
  'Circuit breaker opened for _invoke_llm after 5 failures',
])("doesn't treat %s as a transition in this profile", (line) => {
  const read = readerOf();
  for (const opened of [LLM_OPENED, MEMORY_OPENED]) read(opened, 0);
  expect(read(line, 1)).toBeUndefined();
});

const nameless = ({ halfOpen = [] }: { halfOpen?: string[] | undefined }) => ({ halfOpen: halfOpen.slice(0, 1) });
const transitionsIn = (lines: string[], read = readerOf(nameless)) =>
  lines.map((line) => read(line, 1)).map((found) => found && `${found.breaker} ${found.to}`);

test('a half-open line that names no breaker belongs to the one that has opened', () => {
  const outage = (opened: string, closed: string) => [opened, HALF_OPEN, opened, HALF_OPEN, closed];
  expect(transitionsIn([...outage(LLM_OPENED, LLM_CLOSED), ...outage(MEMORY_OPENED, MEMORY_CLOSED)])).toEqual([
    'llm open',
    'llm half-open',
    'llm open',
    'llm half-open',
    'llm closed',
    'memory open',
    'memory half-open',
    'memory open',
    'memory half-open',
    'memory closed',
  ]);
});

test('a second half-open line is reported as well, so that it can be judged', () => {
  expect(transitionsIn([MEMORY_OPENED, HALF_OPEN, HALF_OPEN])).toEqual([
    'memory open',
    'memory half-open',
    'memory half-open',
  ]);
});

test('a half-open line that names no breaker belongs to none while both are open, or none is', () => {
  expect(transitionsIn([HALF_OPEN, LLM_OPENED, MEMORY_OPENED, HALF_OPEN])).toEqual([
    undefined,
    'llm open',
    'memory open',
    undefined,
  ]);
});

test('closed lines that name no breaker belong to the one that has opened', () => {
  const alike = readerOf((log) => ({ ...nameless(log), closed: ['Circuit breaker closed'] }));
  expect(transitionsIn([MEMORY_OPENED, HALF_OPEN, MEMORY_CLOSED], alike)).toEqual([
    'memory open',
    'memory half-open',
    'memory closed',
  ]);
});

test('a half-open line is not the LLM’s if only its log is described and only the other breaker has opened', () => {
  const { contract, numbers } = facts();
  const { llm, memory } = contract.breakers as Record<'llm' | 'memory', Contract['breakers'][string]>;
  const log = llm.log as NonNullable<typeof llm.log>;
  const breakers = { llm: { ...llm, log: { ...log, ...nameless(log) } }, memory: { ...memory, log: undefined } };
  expect(transitionsIn([MEMORY_OPENED, HALF_OPEN], transitionReader({ ...contract, breakers }, numbers))).toEqual([
    undefined,
    undefined,
  ]);
});

test('the other transitions are read from a log without half-open lines', () => {
  const read = readerOf(() => ({ halfOpen: undefined }));
  expect(transitionsIn([LLM_OPENED, HALF_OPEN, LLM_OPENED, LLM_CLOSED], read)).toEqual([
    'llm open',
    undefined,
    'llm open',
    'llm closed',
  ]);
});
