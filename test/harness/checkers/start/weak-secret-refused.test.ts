import { expect, test } from 'vitest';
import { secretOf } from '../../../../harness/checkers/lib/checker.ts';
import { strongSecretAccepted, weakSecretRefused } from '../../../../harness/checkers/start/weak-secret-refused.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, T0 } from '../../../support/history.ts';

const LLM = facts('llm');
const WORDS = secretOf(LLM).refusal;
type Outcome = 'started' | 'refused' | 'neither';
const start = (about: string, outcome: Outcome, output = '', code: number | null = null): HistoryEvent => ({
  type: 'start',
  at: T0,
  about,
  outcome,
  output,
  code,
});
const strong = (...events: HistoryEvent[]) =>
  strongSecretAccepted.judge(new History(events), LLM).map(({ verdict, observed }) => [verdict, observed]);

test('it is a failure if a strong secret is rejected as weak, and INCONCLUSIVE if there is another reason', () => {
  expect(strong(start('a strong secret', 'started'), start('32-characters', 'refused', WORDS, 2))).toEqual([
    ['PASS', 'started'],
    ['FAIL', 'exited with code 2'],
  ]);
  expect(strong(start('a strong secret', 'neither'))).toEqual([
    ['INCONCLUSIVE', 'neither started nor exited'],
    ['INCONCLUSIVE', 'not tried'],
  ]);
});

test.each<[string, string, HistoryEvent]>([
  ['FAIL', 'exited with code 0, with that message', start('empty', 'refused', WORDS, 0)],
  ['FAIL', 'neither started nor exited, with that message', start('empty', 'neither', WORDS)],
  ['FAIL', 'exited with code 1, without that message', start('empty', 'refused', 'oops', 1)],
  ['FAIL', 'exited with code 1, with that message', start('empty', 'refused', WORDS, 1)],
  ['PASS', 'exited with code 2, with that message', start('empty', 'refused', `\n${WORDS}\n`, 2)],
])('gives %s for a weak secret that %s', (verdict, observed, attempt) => {
  const findings = weakSecretRefused.judge(new History([start('a strong secret', 'started'), attempt]), LLM);
  expect(findings.find(({ check }) => check === 'refuses to start: empty')).toMatchObject({ verdict, observed });
});

test('another exit code is the cause if the start is refused with the promised words', () => {
  const findings = weakSecretRefused.judge(new History([start('empty', 'refused', WORDS, 1)]), LLM);
  const finding = findings.find(({ check }) => check === 'refuses to start: empty');
  expect(finding?.usually).toBe('The start is refused with the exit code 1, and the contract promises 2.');
});

test('a weak secret that is accepted although others are refused names what is left out', () => {
  const accepted = (about: string, value: string | null) => {
    const { contract, ...rest } = LLM;
    const secret = { ...secretOf(LLM), weak: { empty: '', [about]: value } };
    const events = [start('a strong secret', 'started'), start('empty', 'refused', WORDS, 2), start(about, 'started')];
    const findings = weakSecretRefused.judge(new History(events), { ...rest, contract: { ...contract, secret } });
    return findings.find(({ check }) => check === `refuses to start: ${about}`)?.usually;
  };
  expect(accepted('unset', null)).toMatch(
    /^If \w+ is unset, the service uses a default .* It refuses others: empty\.$/,
  );
  expect(accepted('repeated', 'kkkk')).toMatch(/^The check of \w+ leaves out this kind of value/);
});
