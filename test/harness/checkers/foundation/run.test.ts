import { expect, test, vi } from 'vitest';
import { faultsDelivered } from '../../../../harness/checkers/foundation/faults-delivered.ts';
import { generatorSound } from '../../../../harness/checkers/foundation/generator-sound.ts';
import { serviceStaysUp } from '../../../../harness/checkers/foundation/service-stays-up.ts';
import { thresholdsHold } from '../../../../harness/checkers/foundation/thresholds-hold.ts';
import { secretOf } from '../../../../harness/checkers/lib/checker.ts';
import { steadyState } from '../../../../harness/checkers/load/steady-state.ts';
import { weakSecretRefused } from '../../../../harness/checkers/start/weak-secret-refused.ts';
import { impostorGetsNothing } from '../../../../harness/checkers/upstream/impostor-gets-nothing.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { worst } from '../../../../harness/verdict/finding.ts';
import { begun, facts, handshakeFailed, receipt, request, requests, T0, verdicts } from '../../../support/history.ts';
import { judge } from '../../../support/judge.ts';

test('the worst verdict wins, and there is no verdict without findings', () => {
  expect(worst(['PASS', 'INCONCLUSIVE', 'FAIL'])).toBe('FAIL');
  expect(worst(['PASS', 'INCONCLUSIVE'])).toBe('INCONCLUSIVE');
  expect(worst(['PASS', 'PASS'])).toBe('PASS');
  expect(worst([])).toBe('INCONCLUSIVE');
});

test('a checker that crashes is INCONCLUSIVE', () => {
  const history = new History();
  vi.spyOn(history, 'requests').mockImplementation(() => {
    throw new Error('broken');
  });
  const findings = judge(history, facts('llm'), ['breaker-closes']);
  expect(findings).toContainEqual(
    expect.objectContaining({
      verdict: 'INCONCLUSIVE',
      observed: 'the checker crashed: broken',
      usually: expect.stringMatching(/^The check has a bug/),
    }),
  );
});

const service = (event: 'started' | 'exited', after: number, more: object = {}): HistoryEvent =>
  ({ type: 'service', at: T0 + after, event, ...more }) as HistoryEvent;

test.each([
  ['PASS', 'it ran throughout', [service('started', 0), service('exited', 9, { code: 0, asked: true })]],
  [
    'FAIL',
    'was killed by SIGKILL after 2.5 s',
    [service('started', 0), service('exited', 2_500, { code: null, signal: 'SIGKILL', asked: false })],
  ],
  [
    'FAIL',
    'exited with code 1',
    [service('started', 0), service('exited', 9, { code: 1, signal: null, asked: false })],
  ],
  ['INCONCLUSIVE', 'not running', []],
])('gives %s for the service: %s', (verdict, observed, events) => {
  const [finding] = serviceStaysUp.judge(new History(events), facts());
  expect(finding).toMatchObject({ verdict, observed: expect.stringContaining(observed) });
});

test.each([
  ['panic: runtime error: index out of range', /^An error that nothing handles/],
  ['fatal error: concurrent map writes', /^Two threads changed the same map/],
  ['Error: boom\n[UnhandledPromiseRejection]', /^A rejected promise that nothing awaits/],
  ['JavaScript heap out of memory', /^The process ran out of memory/],
])('names what ended the process by its last words: %s', (said, cause) => {
  const events: HistoryEvent[] = [
    { type: 'service', event: 'exited', at: T0, code: 1, signal: null, said } as HistoryEvent,
  ];
  expect(serviceStaysUp.judge(new History(events), facts())[0]?.usually).toMatch(cause);
});

const engine = (more: object): HistoryEvent => ({ type: 'engine', at: T0, ...more }) as HistoryEvent;
const ended = (code: number, more: object = {}) => engine({ event: 'ended', code, signal: null, ...more });

test.each([
  ['PASS', [ended(0)]],
  ['PASS', [ended(99)]],
  ['INCONCLUSIVE', [ended(107)]],
  ['INCONCLUSIVE', [ended(0, { why: 'the service is gone' })]],
  ['INCONCLUSIVE', [engine({ event: 'error', text: 'TypeError: boom' }), ended(0)]],
  ['INCONCLUSIVE', [engine({ event: 'dropped', iterations: 3 }), ended(0)]],
  ['INCONCLUSIVE', []],
])('gives %s for the generator', (verdict, events) => {
  expect(verdicts(generatorSound.judge(new History(events), facts()))).toEqual({ 'script ran to its end': verdict });
});

test.each([
  ['an exception', [engine({ event: 'error', text: 'Uncaught (in promise) TypeError: boom\n\tat f' }), ended(0)]],
  ['an exception of its init stage', [engine({ event: 'error', text: 'TypeError: boom' }), ended(107)]],
])('names %s of the script as its defect', (_, events) => {
  const [finding] = generatorSound.judge(new History(events), facts());
  expect(finding?.usually).toMatch(/^The script ended with "TypeError: boom"\. This is a defect of the scenario/);
});

test.each([
  ['a refused value', [engine({ event: 'error', text: 'boom', refusedValue: true }), ended(0)]],
  [
    'an exception while it was being stopped',
    [engine({ event: 'error', text: 'boom' }), ended(105, { why: 'SIGINT' })],
  ],
  ['dropped iterations', [engine({ event: 'dropped', iterations: 3 }), ended(0)]],
])('does not call %s a defect of the script', (_, events) => {
  const [finding] = generatorSound.judge(new History(events), facts());
  expect(finding).toMatchObject({ verdict: 'INCONCLUSIVE' });
  expect(finding).not.toHaveProperty('usually');
});

const threshold = (ok: boolean, samples: number): HistoryEvent => ({
  type: 'threshold',
  at: T0,
  metric: 'm',
  expression: 'rate==1',
  ok,
  samples,
  values: { rate: ok ? 1 : 0.5 },
});

test.each([
  ['PASS', [threshold(true, 3)]],
  ['FAIL', [threshold(false, 3)]],
  ['INCONCLUSIVE', [threshold(true, 0)]],
  ['INCONCLUSIVE', [threshold(false, 0)]],
  ['INCONCLUSIVE', []],
])('gives %s for a threshold', (verdict, events) => {
  expect(thresholdsHold.judge(new History(events), facts()).map((finding) => finding.verdict)).toEqual([verdict]);
});

test("the script's comparison of openings judges the promise of its breaker, and no other threshold a promise", () => {
  const history = new History([{ ...threshold(true, 3), metric: 'openings_counted' } as never, threshold(true, 3)]);
  const promisesOf = (breaker?: string) =>
    thresholdsHold.judge(history, facts(breaker)).map((finding) => finding.promises);
  expect(promisesOf('llm')).toEqual([[['breakers', 'llm', 'openings']], undefined]);
  expect(promisesOf()).toEqual([undefined, undefined]);
});

const requested = (id: string, more: object = {}): HistoryEvent => ({
  type: 'fault',
  at: T0,
  upstream: 'groq',
  id,
  asked: { kind: 'status', ...more },
});

test.each([
  [
    'PASS',
    [requested('f1', { next: 2 }), receipt(1, 0, 1, 'groq', ['f1:status']), receipt(2, 0, 1, 'groq', ['f1:status'])],
  ],
  ['INCONCLUSIVE', [requested('f1', { next: 2 }), receipt(1, 0, 1, 'groq', ['f1:status'])]],
  ['INCONCLUSIVE', [requested('f1'), receipt(1, 0, 1, 'groq')]],
  ['INCONCLUSIVE', [requested('f1'), receipt(1, 0, 1, 'mem0', ['f1:status'])]],
])('gives %s for the delivery of faults', (verdict, events) => {
  expect(verdicts(faultsDelivered.judge(new History(events), facts()))).toEqual({ 'faults delivered': verdict });
});

const impostor = (events: HistoryEvent[], status = 502) =>
  new History([
    begun(1, { action: 'impostor', upstream: 'groq', certificate: 'expired', endpoint: 'conversation-end' }, 0, 0),
    request(1, 5, status, { phase: '1' }),
    ...events,
    begun(2, { action: 'end' }, 100, 9),
  ]);

test.each([
  ['PASS', impostor([handshakeFailed(1, 2, 'groq')])],
  ['FAIL', impostor([receipt(1, 2, 1, 'groq')])],
  ['FAIL', impostor([handshakeFailed(1, 2, 'groq')], 201)],
  ['INCONCLUSIVE', impostor([])],
])('gives %s for an impostor', (verdict, history) => {
  expect(impostorGetsNothing.judge(history, facts()).map((finding) => finding.verdict)).toEqual([verdict]);
});

test('the check of untrusted certificates says which answer the caller gets', () => {
  const { contract, ...others } = facts();
  const judged = { ...others, contract: { ...contract, tls: { refused: [] } } };
  expect(impostorGetsNothing.judge(impostor([handshakeFailed(1, 2, 'groq')], 201), judged)).toMatchObject([
    {
      expected: 'the connection is refused, no request is sent, the caller gets an error',
      observed: '0 requests arrived, 1 connection refused; 1 × 201',
    },
  ]);
});

const WORDS = secretOf(facts()).refusal;
const start = (about: string, outcome: string, output = ''): HistoryEvent =>
  ({ type: 'start', at: T0, about, outcome, code: outcome === 'refused' ? 2 : null, output }) as HistoryEvent;
const STRONG = start('a strong secret', 'started');

test.each([
  ['PASS', [STRONG, start('empty', 'refused', WORDS)]],
  ['FAIL', [STRONG, start('empty', 'started')]],
  ['FAIL', [STRONG, start('empty', 'refused', 'other words')]],
  ['INCONCLUSIVE', [start('a strong secret', 'refused'), start('empty', 'refused', WORDS)]],
  ['INCONCLUSIVE', [STRONG]],
])('gives %s for a weak secret', (verdict, events) => {
  expect(verdicts(weakSecretRefused.judge(new History(events), facts()))['refuses to start: empty']).toBe(verdict);
});

test.each([
  ['PASS', requests(3, 0, 5, 200, { phase: '1', endpoint: 'health' })],
  ['INCONCLUSIVE', requests(3, 0, 5, 502, { phase: '1', endpoint: 'health' })],
  ['INCONCLUSIVE', []],
])('gives %s for the steady state', (verdict, events) => {
  expect(verdicts(steadyState.judge(new History([begun(1, { action: 'steady' }, -1, 0), ...events]), facts()))).toEqual(
    { 'steady state before': verdict },
  );
});
