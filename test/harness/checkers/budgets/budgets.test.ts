import { expect, test } from 'vitest';
import { BUDGETS } from '../../../../harness/checkers/budgets/index.ts';
import type { ContractFile } from '../../../../harness/contract/contract.ts';
import type { HistoryEvent, RequestReceipt } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, factsOf, metric, receipt, request, T0 } from '../../../../harness/testing/hand-written.ts';
import contract from '../../../defects/budgets/total.ts';

const budget = contract.budgets?.spent as NonNullable<ContractFile['budgets']>[string];
const BUDGET = 'spent';

/** Returns the facts for a budget of 100 tokens that differs in some fields, beside other budgets. */
const factsWith = (different: object = {}, others: object = {}) =>
  factsOf({ ...contract, budgets: { spent: { ...budget, max: 100, reserves: 10, ...different }, ...others } });

const count = { endpoint: 'usage', field: 'tokens' };

/** A request to an upstream that was charged, and lasted for 50 ms. */
const charged = (seq: number, after: number, tokens: number, more: Partial<RequestReceipt> = {}): HistoryEvent =>
  ({ ...receipt(seq, after, 50, 'main'), usage: [0, tokens], unique: [`call-${seq}`], ...more }) as HistoryEvent;

const call = (after: number, status: number, tags: Record<string, string>, ms = 60) =>
  request(after, ms, status, { endpoint: 'ask', ...tags });

/** Returns a history in which a crowd of three uses these tokens, and then calls are refused. */
function usedUp(tokens: readonly number[], { refused = [429, 429, 429], reached = [] as number[] } = {}): History {
  const crowd = { phase: '1', limit: BUDGET, round: '1' };
  return new History([
    begun(1, { action: 'crowd in budget', budget: BUDGET }, 0, 0),
    ...tokens.map((amount, index) => charged(index + 1, 5, amount)),
    ...tokens.map(() => call(1, 200, crowd)),
    call(1, 429, crowd, 5),
    begun(2, { action: 'budget used up', budget: BUDGET }, 1_000, tokens.length),
    ...refused.map((status, index) => call(1_010 + index * 10, status, { phase: '2' }, 5)),
    ...reached.map((amount, index) => charged(tokens.length + 1 + index, 1_012 + index * 10, amount)),
    begun(3, { action: 'end' }, 2_000, tokens.length + reached.length),
  ]);
}

const judge = (name: string, history: History, different: object = {}, others: object = {}) =>
  BUDGETS.checkers
    .find((checker) => checker.name === name)
    ?.judge(history, factsWith(different, others))
    .filter(({ check }) => check.includes(BUDGET)) ?? [];

test.each([
  ['exactly max and the largest call', [60, 60, 40], 'PASS'],
  ['a token more', [60, 60, 41], 'FAIL'],
  ['so much that no call fits', [30, 30, 31], 'PASS'],
  ['so little that a call would fit', [30, 30, 29], 'INCONCLUSIVE'],
])('a crowd may use %s', (_, tokens, verdict) => {
  expect(judge('budget-holds', usedUp(tokens))).toMatchObject([{ check: 'budget holds: spent', verdict }]);
});

test('several requests with the same unique text are one call', () => {
  const history = usedUp([]);
  for (const [seq, tokens] of [50, 50, 70].entries())
    history.add(charged(seq + 1, 5, tokens, { unique: [seq < 2 ? 'a' : 'b'] }));
  history.add(call(1, 200, { phase: '1', limit: BUDGET, round: '1' }));
  expect(judge('budget-holds', history)).toMatchObject([
    { verdict: 'PASS', observed: '170 tokens in 3 requests to main, backup' },
  ]);
});

test.each([
  ['no receipts', usedUp([]), 'no call was charged'],
  ['receipts without usage', usedUp([Number.NaN]), 'have no usage'],
  ['no refusal', usedUp([30], { refused: [] }), 'served in part'],
  ['no crowd', new History([begun(1, { action: 'crowd in budget', budget: BUDGET }, 0, 0)]), 'no crowd came'],
])('%s proves nothing', (about, history, says) => {
  const silent = about === 'receipts without usage' ? withoutUsage(history) : history;
  const seen = about === 'no refusal' ? withoutRefusals(silent) : silent;
  const [finding] = judge('budget-holds', seen);
  expect(finding?.verdict).toBe('INCONCLUSIVE');
  expect(finding?.observed).toContain(about === 'no refusal' ? 'never used up' : says);
});

test('refusals of calls that fail at once say nothing about whether a budget was used up', () => {
  const history = withoutRefusals(usedUp([50, 60]));
  history.add(call(0, 429, { phase: '1', about: 'failing' }));
  expect(judge('budget-holds', history)).toMatchObject([
    { verdict: 'INCONCLUSIVE', observed: expect.stringContaining('never used up') },
  ]);
});

test('a budget that holds names the defects that were not judged', () => {
  const history = usedUp([60, 60, 40]);
  const unseen = (different = {}) => judge('budget-holds', history, different)[0]?.evidence ?? [];
  expect(unseen()).toEqual([expect.stringContaining('given back twice: no calls failed before')]);
  history.add(call(0, 502, { phase: '1', about: 'failing' }));
  expect(unseen()).toEqual([]);
  history.add(begun(4, { action: 'left in budget', budget: BUDGET, endpoint: 'chat' }, 3_000, 3));
  expect(unseen()).toEqual([expect.stringContaining('single streams are free')]);
  expect(unseen({ count: { endpoint: 'ask', field: 'tokens' } })).toEqual([]);
});

const withoutUsage = (history: History): History =>
  new History(
    history.inOrder().map((event) => {
      if (event.type !== 'receipt' || event.kind !== 'request') return event;
      const { usage: _, ...silent } = event;
      return silent;
    }),
  );
const withoutRefusals = (history: History): History =>
  new History(history.inOrder().filter((event) => event.type !== 'request' || event.status !== 429));

test('a crowd that uses too much was compared with the same rest', () => {
  expect(judge('budget-holds', usedUp([60, 60, 60]))[0]?.usually).toMatch(/^Callers who come at once/);
});

test('a budget whose count is right is exceeded for another reason than a part that is not counted', () => {
  // The stream of a caller who left has used 30 before, so that the service refuses too late.
  const history = new History([
    begun(1, { action: 'left in budget', budget: BUDGET, endpoint: 'chat' }, 0, 0),
    charged(1, 10, 30),
    begun(2, { action: 'crowd in budget', budget: BUDGET }, 100, 1),
    ...[110, 210, 310].map((after, index) => charged(index + 2, after, 40)),
    call(105, 429, { phase: '2', limit: BUDGET, round: '1' }, 5),
    begun(3, { action: 'end' }, 2_000, 4),
  ]);
  const why = (different: object) => judge('budget-holds', history, different)[0]?.usually;
  expect(why({})).toMatch(/^Streams whose callers leave are not charged/);
  expect(why({ count })).toMatch(/^Calls are refused too late, .* gives reservations back twice/);
});

test.each([
  ['the promised status', {}, 'PASS'],
  ['another status', { refused: [429, 403, 429] }, 'FAIL'],
  ['the promised status, but an upstream was called', { reached: [0] }, 'FAIL'],
  ['an answer', { refused: [429, 200, 429] }, 'INCONCLUSIVE'],
  ['nothing', { refused: [] }, 'INCONCLUSIVE'],
])('calls beyond a budget get %s', (_, seen, verdict) => {
  expect(judge('budget-refuses', usedUp([50, 60], seen))).toMatchObject([{ verdict }]);
});

const lasting = (after: number, ms: number) => ({ endedAt: T0 + after + ms });

/** Returns a history of calls to an endpoint after which the count has grown. They last this long at the upstream. */
const counted = (
  grown: number,
  tokens: readonly number[],
  action: 'calls in budget' | 'left in budget',
  ms = 500,
): History =>
  new History([
    begun(1, { action, budget: BUDGET, endpoint: 'chat' }, 0, 0),
    metric('budget_count', 1, 7, { phase: '1', about: 'before', receipts: '0' }),
    ...tokens.map((amount, index) => charged(index + 1, 10 + index * 100, amount, lasting(10 + index * 100, ms))),
    metric('budget_count', 900, 7 + grown, { phase: '1', about: 'after', receipts: String(tokens.length) }),
    begun(2, { action: 'end' }, 1_000, tokens.length),
  ]);

test.each([
  ['all tokens', 50, [20, 30], 'PASS'],
  ['a token too many', 51, [20, 30], 'FAIL'],
  ['a token too few', 49, [20, 30], 'FAIL'],
  ['nothing, and nothing was charged', 0, [], 'INCONCLUSIVE'],
])('a count with %s', (_, grown, tokens, verdict) => {
  const findings = judge('budget-counts', counted(grown, tokens, 'calls in budget'), { count });
  expect(findings).toMatchObject([{ check: 'counts calls to chat: spent', verdict }]);
});

const cheap = { input: 1, output: 1, models: { main: { input: 3, output: 5 }, backup: { input: 7, output: 2 } } };

test.each([
  [100, /^Tokens of backup are charged at the price of another model/],
  [20, /^Tokens of backup are charged at the price of another model/],
  [140, /^Output tokens are charged at the price of input tokens/],
])('a count at a wrong price names it: %i', (millionths, why) => {
  const history = counted(millionths / 1_000_000, [20], 'calls in budget');
  const answered = history
    .inOrder()
    .map((event) => (event.type === 'receipt' ? { ...event, model: 'backup' } : event)) as HistoryEvent[];
  const money = { of: 'money', price: cheap, count };
  expect(judge('budget-counts', new History(answered), money)[0]?.usually).toMatch(why);
});

test.each([
  ['sent', 49, 'FAIL'],
  ['estimated', 25, 'PASS'],
  ['estimated', 100, 'PASS'],
  ['estimated', 101, 'FAIL'],
  ['estimated', 0, 'FAIL'],
])('streams whose callers leave are counted as %s: %i of 50', (cancelled, grown, verdict) => {
  const findings = judge('budget-counts', counted(grown, [20, 30], 'left in budget'), { count, cancelled });
  expect(findings).toMatchObject([{ verdict }]);
});

test('a count that lags by a call says so, also after streams', () => {
  expect(judge('budget-counts', counted(20, [20, 30], 'calls in budget'), { count })[0]?.usually).toMatch(
    /^The last call is missing in the count/,
  );
});

test('a count that could not be read proves nothing', () => {
  const history = new History([begun(1, { action: 'calls in budget', budget: BUDGET, endpoint: 'ask' }, 0, 0)]);
  expect(judge('budget-counts', history, { count })).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

test.each([
  ['is served', 200, 5, 'PASS'],
  ['is refused', 429, 5, 'FAIL'],
  ['is refused, but little is left', 429, 95, 'INCONCLUSIVE'],
  ['fails', 502, 5, 'INCONCLUSIVE'],
])('a call after failing ones %s', (_, status, used, verdict) => {
  const history = new History([
    charged(1, -100, used),
    begun(1, { action: 'failing in budget', budget: BUDGET, endpoint: 'ask' }, 0, 1),
    ...Array.from({ length: 50 }, (__, index) => call(index, 502, { phase: '1' })),
    begun(2, { when: 'after', of: 1 }, 500, 1),
    call(510, status, { phase: '2' }),
  ]);
  expect(judge('budget-spares', history)).toMatchObject([{ check: 'failing calls cost nothing: spent, ask', verdict }]);
});

test.each([
  ['all', 429, 'PASS'],
  ['all', 200, 'FAIL'],
  ['each caller', 200, 'PASS'],
  ['each caller', 429, 'FAIL'],
  ['each caller', 500, 'INCONCLUSIVE'],
])('with a budget for %s, another caller who gets %i', (whose, status, verdict) => {
  const history = usedUp([50, 60]);
  history.add(begun(4, { action: 'budget of another', budget: BUDGET }, 3_000, 2));
  history.add(call(3_010, status, { phase: '4' }));
  expect(judge('budget-callers', history, { for: whose })).toMatchObject([{ verdict }]);
});

test.each([
  ['refused until its end, and then served', 429, 200, ['PASS', 'PASS']],
  ['served before its end', 200, 200, ['FAIL', 'PASS']],
  ['refused after its end', 429, 429, ['PASS', 'FAIL']],
])('calls are %s', (_, before, after, expected) => {
  const history = usedUp([50, 60]);
  history.add(begun(4, { action: 'budget before its end', budget: BUDGET }, 3_000, 2));
  history.add(call(3_010, before, { phase: '4' }));
  history.add(begun(5, { action: 'budget begun anew', budget: BUDGET }, 5_500, 2));
  history.add(call(5_510, after, { phase: '5' }));
  expect(judge('budget-ends', history, { per: 5 }).map(({ verdict }) => verdict)).toEqual(expected);
});

test.each([
  [[429, 429], 'PASS'],
  [[429, 200], 'FAIL'],
  [[503, 429], 'INCONCLUSIVE'],
])('calls after a restart get %j', (statuses, verdict) => {
  const history = usedUp([50, 60]);
  history.add(begun(4, { action: 'budget restarted', budget: BUDGET, signal: 'SIGKILL' }, 3_000, 2));
  for (const [index, status] of statuses.entries()) history.add(call(3_010 + index, status, { phase: '4' }));
  expect(judge('budget-survives', history, { survives: 'SIGKILL' })).toMatchObject([{ verdict }]);
});

test.each([
  ['a limit may refuse with 429 as well', 429, {}, 'INCONCLUSIVE'],
  ['nothing else refuses with 402', 402, {}, 'FAIL'],
  ['another budget refuses with 402', 402, { calls: { of: 'calls', max: 99, refusal: 402 } }, 'INCONCLUSIVE'],
])('a budget that refuses too early is blamed only if nothing else can: %s', (_, refusal, others, verdict) => {
  const early = new History(
    usedUp([30, 30])
      .inOrder()
      .map((event) => (event.type === 'request' && event.status === 429 ? { ...event, status: refusal } : event)),
  );
  const [holds] = judge('budget-holds', early, { refusal }, others);
  expect(holds).toMatchObject({
    verdict,
    usually: expect.stringMatching(/^Calls are refused although enough is left/),
  });
  const [refuses] = judge('budget-refuses', early, { refusal }, others);
  expect(refuses?.verdict).toBe('INCONCLUSIVE');
  expect(refuses?.observed).toContain('it was not used up: 40 tokens of 100 tokens are left');
});

test('calls that get the status of a limit do not blame a budget that is not used up', () => {
  const [finding] = judge('budget-refuses', usedUp([30, 30]), { refusal: 402 });
  expect(finding).toMatchObject({ verdict: 'INCONCLUSIVE', observed: expect.stringContaining('it was not used up') });
});

test.each([
  ['a call of one', { of: 'calls', max: 3 }, 'PASS'],
  ['the last call of one', { of: 'calls', max: 2 }, 'INCONCLUSIVE'],
  ['the last call of one with another status', { of: 'calls', max: 2, refusal: 403 }, 'PASS'],
])('a budget beside another one is judged unless the other one may be used up: %s', (_, other, verdict) => {
  expect(judge('budget-holds', usedUp([50, 60]), {}, { other })).toMatchObject([{ verdict }]);
});

test.each([
  ['with the answer of a used up budget', 5, ['FAIL', 'FAIL', 'FAIL']],
  ['with another answer', 6, ['INCONCLUSIVE', 'INCONCLUSIVE', 'INCONCLUSIVE']],
])('a call that must be served is refused %s', (_, body, expected) => {
  const refused = (phase: number, at: number): HistoryEvent[] => [
    call(at, 429, { phase: String(phase) }),
    metric('budget_refusal', at + 1, body, { phase: String(phase) }),
  ];
  const history = new History([
    begun(8, { action: 'failing in budget', budget: BUDGET, endpoint: 'ask' }, -2_000, 0),
    begun(9, { when: 'after', of: 8 }, -1_500, 0),
    ...refused(9, -1_490),
    ...usedUp([50, 60]).inOrder(),
    metric('budget_refusal', 1_015, 5, { phase: '2' }),
    begun(4, { action: 'budget of another', budget: BUDGET }, 3_000, 2),
    ...refused(4, 3_010),
    begun(5, { action: 'budget begun anew', budget: BUDGET }, 5_500, 2),
    ...refused(5, 5_510),
  ]);
  const findings = ['budget-callers', 'budget-ends', 'budget-spares'].flatMap((name) =>
    judge(name, history, { for: 'each caller', per: 5 }),
  );
  expect(findings.map(({ verdict }) => verdict)).toEqual(expected);
});

test.each([
  ['budget-callers', { action: 'budget of another', budget: BUDGET }, {}],
  ['budget-survives', { action: 'budget restarted', budget: BUDGET, signal: 'SIGKILL' }, { survives: 'SIGKILL' }],
  ['budget-ends', { action: 'budget before its end', budget: BUDGET }, { per: 5 }],
] as const)('%s: a call that is served blames only a budget that was used up', (name, phase, different) => {
  const verdicts = [
    [50, 60],
    [30, 30],
  ].map((tokens) => {
    const history = usedUp(tokens);
    history.add(begun(4, phase, 3_000, 2));
    history.add(call(3_010, 200, { phase: '4' }));
    return judge(name, history, different)[0]?.verdict;
  });
  expect(verdicts).toEqual(['FAIL', 'INCONCLUSIVE']);
});

test('a budget that has begun anew was not refused too early', () => {
  const [finding] = judge('budget-holds', usedUp([30, 30]), { refusal: 429, per: 0.5 });
  expect(finding?.observed).not.toContain('are left');
});

test.each([
  ['each caller', [['-100', 50]], 'FAIL'],
  ['each caller', [], 'INCONCLUSIVE'],
])('a budget for %s is shared only if all callers together have used it up: %j', (whose, others, verdict) => {
  const history = new History([
    ...others.map(([at, tokens], index) => charged(10 + index, Number(at), Number(tokens))),
    ...usedUp([30, 30]).inOrder(),
    begun(4, { action: 'budget of another', budget: BUDGET }, 3_000, 2),
    call(3_010, 429, { phase: '4' }),
  ]);
  expect(judge('budget-callers', history, { for: whose })).toMatchObject([{ verdict }]);
});

test('a count that has become smaller began anew', () => {
  const findings = judge('budget-counts', counted(-5, [20], 'calls in budget'), { count, per: 60 });
  expect(findings).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
});

test('callers who leave before the service can read anything prove nothing', () => {
  const verdicts = [500, 100].map(
    (ms) => judge('budget-counts', counted(20, [20, 30], 'left in budget', ms), { count })[0]?.verdict,
  );
  expect(verdicts).toEqual(['FAIL', 'INCONCLUSIVE']);
});
