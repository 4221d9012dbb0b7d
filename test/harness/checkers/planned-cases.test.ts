import { expect, test } from 'vitest';
import { endsWhenToldTo } from '../../../harness/checkers/end/ends-when-told-to.ts';
import { inFlightAtEnd } from '../../../harness/checkers/end/in-flight-at-end.ts';
import { newRequestsRefused } from '../../../harness/checkers/end/new-requests-refused.ts';
import { notReadyAtEnd } from '../../../harness/checkers/end/not-ready-at-end.ts';
import { streamsAtEnd } from '../../../harness/checkers/end/streams-at-end.ts';
import type { Case, Checker, Facts } from '../../../harness/checkers/lib/checker.ts';
import { unsafeStartRefused } from '../../../harness/checkers/start/unsafe-start-refused.ts';
import { strongSecretAccepted, weakSecretRefused } from '../../../harness/checkers/start/weak-secret-refused.ts';
import { abandonedCallsCountNothing } from '../../../harness/checkers/upstream/abandoned-calls-count-nothing.ts';
import { abandonedCallsEnd } from '../../../harness/checkers/upstream/abandoned-calls-end.ts';
import { abandonedCallsNotRepeated } from '../../../harness/checkers/upstream/abandoned-calls-not-repeated.ts';
import { connectionsReused } from '../../../harness/checkers/upstream/connections-reused.ts';
import { queueBounded } from '../../../harness/checkers/upstream/queue-bounded.ts';
import { streamsBounded } from '../../../harness/checkers/upstream/streams-bounded.ts';
import { streamsComplete } from '../../../harness/checkers/upstream/streams-complete.ts';
import { streamsCountForBreaker } from '../../../harness/checkers/upstream/streams-count-for-breaker.ts';
import { streamsTellFailure } from '../../../harness/checkers/upstream/streams-tell-failure.ts';
import { unreadStreamsBounded } from '../../../harness/checkers/upstream/unread-streams-bounded.ts';
import {
  upstreamConcurrency,
  upstreamConcurrencyReached,
} from '../../../harness/checkers/upstream/upstream-concurrency.ts';
import { contractSchema } from '../../../harness/contract/contract.ts';
import type { PlannedPhase } from '../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { withAllCases } from '../../../harness/judge/expected-cases.ts';
import { GIVEN_UP } from '../../support/failing.ts';
import { begun, facts, metric, receipt, request, T0 } from '../../support/history.ts';
import { factsOf as factsOfEnd, HANGING_CALLS, historyOf as historyOfEnd } from './end/endings.ts';
import { crowd, factsAbout, on } from './upstream/crowd.ts';
import { factsOf as factsOfAssistant, history as leaving } from './upstream/leavers.ts';
import { factsOf as factsOfStreams, historyOf as streaming } from './upstream/streams.ts';

/** A history of a good service, its facts, and the phases of it that the checker is about. */
interface Row {
  readonly checker: Checker;
  readonly of: Facts;
  readonly plan: readonly PlannedPhase[];
  readonly events: readonly HistoryEvent[];
  /** The places of the promises that all cases judge. */
  readonly promises: readonly string[];
}

const PATH = { endpoint: 'ask', upstream: 'llm' };
const CHAT = { endpoint: 'chat', upstream: 'llm' };
const { ask } = factsOfAssistant().contract.endpoints;
const LEFT = factsOfAssistant({ endpoints: { ask: { ...ask, onFault: undefined } as never } });
const CROWD = factsAbout({ concurrency: 2, queueSeconds: 1, callsPerConnection: 5 });

const left = [
  begun(1, { action: 'stays for a retry', ...PATH }, 0, 0),
  receipt(1, 10, 5, 'llm', ['f1:status']),
  receipt(2, 1_510, 5, 'llm'),
  begun(2, { action: 'left before a retry', ...PATH }, 10_000, 2),
  request(10_000, 200, 0, { phase: '2', about: 'leaver', endpoint: 'ask', ...GIVEN_UP }),
  receipt(3, 10_010, 5, 'llm'),
  begun(3, { action: 'end' }, 20_000, 3),
];

const FAULTS = ['cut-stream', 'early-end', 'keep-alives', 'drip', 'stall'];
const failing = FAULTS.map((fault) => ({ action: 'failing', upstream: 'llm', fault, endpoint: 'chat' }) as const);
const failed = streaming(...FAULTS.map((fault) => ({ fault, status: 502 })));
const streams = failing.filter(({ fault }) => ['keep-alives', 'drip', 'stall'].includes(fault));

const COUNTED = { action: 'failing streams', upstream: 'llm', fault: 'cut-stream', breaker: 'llm', endpoint: 'chat' };
const counted = [
  ...streaming({ status: 502 }),
  begun(12, COUNTED as never, 200_000, 2),
  ...Array.from({ length: 5 }, (_, index) => [
    request(200_010 + index * 20, 15, 200, { phase: '12', endpoint: 'chat' }),
    receipt(index + 3, 200_012 + index * 20, 5, 'llm', ['f9:cut-stream']),
  ]).flat(),
  begun(13, { when: 'after', of: 12 }, 200_120, 7),
  ...[0, 1, 2].map((index) => request(200_130 + index * 10, 5, 503, { phase: '13' })),
];

const UNREAD = { action: 'unread stream', ...CHAT } as const;
const memory = (after: number, about: string, megabytes: number) =>
  metric('memory_bytes', after, megabytes * 1_000_000, { phase: '9', about });
const unread = [
  ...streaming({ status: 502 }),
  begun(9, UNREAD, 200_000, 50),
  memory(200_000, 'before', 60),
  receipt(51, 201_000, 60_000, 'llm', ['f9:flood']),
  ...Array.from({ length: 18 }, (_, index) => memory(201_050 + index * 100, 'unread', 75)),
];

const TERMINATED = { action: 'terminated', signal: 'SIGTERM' } as const;
const REFUSED = [2_510, 2_560, 2_610].map((at): [number, number, number] => [at, 1, 503]);
const terminated = historyOfEnd({
  calls: {
    load: [...Array(6).fill([1_100, 500, 201]), ...Array(3).fill([1_700, 500, 201])],
    new: REFUSED,
    ready: REFUSED,
  },
}).inOrder();
const hanging = (action: typeof HANGING_CALLS | typeof STREAMS_HANG) =>
  historyOfEnd({ phase: action, calls: { hanging: [[1_500, 3_000, 502]] } }).inOrder();
const STREAMS_HANG = { action: 'calls and streams hang at SIGTERM' } as const;
const STREAMS = { action: 'streams at SIGTERM' } as const;
const stream = (phase: typeof STREAMS | typeof STREAMS_HANG, about: string, status: number) => {
  const tags = { phase: '1', about, endpoint: 'conversation-end', caller: '0' };
  return [
    ...historyOfEnd({ phase }).inOrder(),
    receipt(1, 1_500, 1_200, 'groq', ['f1:stall']),
    request(1_600, 1_000, status, tags),
    metric('complete_streams', 2_600, 1, tags),
    { type: 'fault', at: T0 + 2_500, upstream: 'groq', asked: { healed: 'all' } } as const,
  ];
};

const { secret, refusedStarts } = facts().contract;
const starts = (names: readonly string[], outcome: 'started' | 'refused', says: (about: string) => string) =>
  names.map(
    (about): HistoryEvent => ({ type: 'start', at: T0, about, outcome, output: says(about), code: codeOf(about) }),
  );
const codeOf = (about: string): number => refusedStarts?.[about]?.exitCode ?? 2;
const tried = [
  ...starts(['its own settings', 'a strong secret', ...Object.keys(secret?.strong ?? {})], 'started', () => ''),
  ...starts(Object.keys(secret?.weak ?? {}), 'refused', () => secret?.refusal ?? ''),
  ...starts(Object.keys(refusedStarts ?? {}), 'refused', (about) => refusedStarts?.[about]?.says ?? ''),
];

const ROWS: readonly Row[] = [
  {
    checker: abandonedCallsEnd,
    of: LEFT,
    plan: [{ action: 'left', ...PATH }],
    events: leaving({}),
    promises: ['endpoints', 'ask', 'cancels', 'withinSeconds'],
  },
  {
    checker: abandonedCallsCountNothing,
    of: LEFT,
    plan: [{ action: 'left again', ...PATH }],
    events: leaving({}),
    promises: ['endpoints', 'ask', 'cancels', 'withinSeconds'],
  },
  {
    checker: abandonedCallsNotRepeated,
    of: LEFT,
    plan: [{ action: 'left before a retry', ...PATH }],
    events: left,
    promises: ['endpoints', 'ask', 'cancels', 'withinSeconds'],
  },
  {
    checker: connectionsReused,
    of: CROWD,
    plan: [{ action: 'one after another', upstream: 'groq' }],
    events: [
      begun(1, { action: 'one after another', upstream: 'groq' }, 0, 0),
      ...Array.from({ length: 10 }, (_, index) => on(1, index + 1)),
    ],
    promises: ['upstreams', 'groq', 'callsPerConnection'],
  },
  ...[upstreamConcurrency, upstreamConcurrencyReached, queueBounded].map((checker) => ({
    checker,
    of: CROWD,
    plan: [{ action: 'crowd', upstream: 'groq' } as const],
    events: crowd({}),
    promises: ['upstreams', 'groq', checker === queueBounded ? 'queueSeconds' : 'concurrency'],
  })),
  ...[upstreamConcurrency, upstreamConcurrencyReached].map((checker) => ({
    checker,
    of: CROWD,
    plan: [{ action: 'crowd', upstream: 'groq' } as const, { action: 'crowd of streams', upstream: 'groq' } as const],
    events: [
      ...crowd({}).slice(0, -5),
      begun(2, { action: 'crowd of streams', upstream: 'groq' }, 20_000, 2),
      ...[1, 2, 3].map(() => request(20_010, 500, 200, { phase: '2' })),
      receipt(3, 20_020, 400, 'groq'),
      receipt(4, 20_020, 400, 'groq'),
      begun(3, { action: 'steady again' }, 30_000, 4),
    ],
    promises: ['upstreams', 'groq', 'concurrency'],
  })),
  {
    checker: streamsTellFailure,
    of: factsOfStreams(),
    plan: failing,
    events: failed,
    promises: ['endpoints', 'chat', 'stream'],
  },
  {
    checker: streamsBounded,
    of: factsOfStreams(),
    plan: streams,
    events: failed,
    promises: ['endpoints', 'chat', 'stream'],
  },
  {
    checker: streamsComplete,
    of: factsOfStreams(),
    plan: failing.slice(0, 1),
    events: streaming({ status: 502 }),
    promises: ['endpoints', 'chat', 'stream'],
  },
  {
    checker: streamsCountForBreaker,
    of: factsOfStreams(),
    plan: [COUNTED as PlannedPhase],
    events: counted,
    promises: ['breakers', 'llm', 'failures'],
  },
  {
    checker: unreadStreamsBounded,
    of: factsOfStreams({ unreadMegabytes: 50 }),
    plan: [UNREAD],
    events: unread,
    promises: ['endpoints', 'chat', 'stream', 'unreadMegabytes'],
  },
  ...[
    { checker: endsWhenToldTo, promises: ['termination', 'graceSeconds'] },
    { checker: inFlightAtEnd, promises: ['termination', 'inFlight'] },
    { checker: newRequestsRefused, promises: [] },
    { checker: notReadyAtEnd, promises: ['termination', 'ready'] },
  ].map((row) => ({ ...row, of: factsOfEnd(), plan: [TERMINATED], events: terminated })),
  ...[HANGING_CALLS, STREAMS_HANG].map((phase) => ({
    checker: endsWhenToldTo,
    of: factsOfEnd(),
    plan: [phase],
    events: hanging(phase),
    promises: ['termination', 'graceSeconds'],
  })),
  {
    checker: streamsAtEnd,
    of: factsOfEnd(),
    plan: [STREAMS],
    events: stream(STREAMS, 'stream', 201),
    promises: ['termination', 'inFlight'],
  },
  {
    checker: streamsAtEnd,
    of: factsOfEnd(),
    plan: [STREAMS_HANG],
    events: stream(STREAMS_HANG, 'endless stream', 504),
    promises: [],
  },
  ...[
    { checker: strongSecretAccepted, promises: [] },
    { checker: weakSecretRefused, promises: ['secret', 'weak'] },
    { checker: unsafeStartRefused, promises: ['refusedStarts'] },
  ].map((row) => ({ ...row, of: facts(), plan: [], events: tried })),
];

const NAMED = ROWS.map((row) => [`${row.checker.name} (${row.plan.length})`, row] as const);
const withPlan = (of: Facts, plan: readonly PlannedPhase[]): Facts => ({
  ...of,
  proof: { ...of.proof, plan: [...plan] },
});
const casesOf = ({ checker }: Row, of: Facts): readonly Case[] => checker.cases?.(of) ?? [];
const checks = (cases: readonly Case[]): string[] => cases.map(({ check }) => check);
const judged = ({ checker }: Row, of: Facts, events: readonly HistoryEvent[]) =>
  withAllCases(checker, checker.judge(new History(events), of), of).map(({ check, verdict }) => [check, verdict]);

test.each(NAMED)('the cases of %s are its findings about a good service', (_, row) => {
  const of = withPlan(row.of, row.plan);
  const cases = casesOf(row, of);
  expect(cases).not.toEqual([]);
  expect(judged(row, of, row.events)).toEqual(checks(cases).map((check) => [check, 'PASS']));
  for (const { promises } of cases) expect(promises[0]?.slice(0, row.promises.length) ?? []).toEqual(row.promises);
});

test.each(NAMED)('a case of %s whose phase never began is undecided', (_, row) => {
  const of = withPlan(row.of, row.plan);
  for (const [index, planned] of row.plan.entries()) {
    const isOf = (event: HistoryEvent) =>
      event.type === 'phase' &&
      Object.entries(planned).every(([field, value]) => (event.data as Record<string, unknown>)[field] === value);
    const found = judged(
      row,
      of,
      row.events.filter((event) => !isOf(event)),
    );
    const missing = checks(casesOf(row, of))[index];
    // A fault that never acted may leave others undecided as well.
    expect(found).toContainEqual([missing, 'INCONCLUSIVE']);
    expect(found).not.toContainEqual([missing, 'PASS']);
    expect(found.filter(([, verdict]) => verdict === 'FAIL')).toEqual([]);
  }
});

test.each(NAMED)('the cases of %s are undecided if nothing happened', (_, row) => {
  const of = withPlan(row.of, row.plan);
  expect(judged(row, of, [])).toEqual(checks(casesOf(row, of)).map((check) => [check, 'INCONCLUSIVE']));
});

/** A contract that promises nothing that these checkers are about. */
const { contract, numbers, ...rest } = facts();
const NOTHING: Facts = withPlan(
  {
    ...rest,
    numbers: { ...numbers, breakers: {} },
    contract: contractSchema.parse({
      name: 'nothing',
      start: { command: ['node'], readyPath: '/', readySeconds: 1 },
      endpoints: { only: { method: 'GET', path: '/', served: [200] } },
      profiles: { fast: {} },
    }),
  },
  [],
);

test.each(NAMED)('%s has no cases, and says why, if the contract promises nothing', (_, row) => {
  expect(casesOf(row, NOTHING)).toEqual([]);
  expect(row.checker.cases?.(NOTHING)).toEqual([]);
  if (row.checker !== endsWhenToldTo) expect(row.checker.without).toMatch(/^\w/);
});
