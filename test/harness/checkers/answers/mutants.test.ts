import { expect, test } from 'vitest';
import { CHANNEL_POSITIONS, markWord } from '../../../../faults/marks/marks.ts';
import { wordsAt } from '../../../../harness/checkers/answers/pieces.ts';
import { during, mutantIn, SERVED } from '../fake-wire.ts';

const WORDS = 12;
const JSON_TYPE = 'application/json';
const SSE = 'text/event-stream';

const text = Array.from({ length: WORDS }, (_, position) => markWord(7, position)).join(' ');
const whole = JSON.stringify({ id: 'x', answer: `Well: ${text}.`, usage: { prompt_tokens: 3, completion_tokens: 40 } });
const event = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
const stream = `${event('')}${(text.match(/[\s\S]{1,4}/gu) ?? []).map(event).join('')}data: [DONE]\n\n`;

const failing = during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' });
const asking = (type: string) => ({ endpoint: 'ask', headers: { 'Content-Type': type }, phase: failing });
const posted = {
  endpoints: {
    ask: { method: 'POST', served: [200], reaches: ['llm'] },
    list: { method: 'GET', served: [200], reaches: ['llm'] },
  },
};

/** Returns the words that a caller gets instead. */
async function marksAfter(mutant: string, body: string, type: string): Promise<string | undefined> {
  const answer = await mutantIn(mutant, posted).act({ ...asking(type), body });
  if (answer === undefined) return undefined;
  if (type === JSON_TYPE) expect(JSON.parse(String(answer.body))).toMatchObject({ id: 'x' });
  else expect(String(answer.body)).toMatch(/\n\ndata: \[DONE\]\n\n$/);
  return wordsAt(String(answer.body), type)?.[1].replace(/ ~.*/, '');
}

test.each([
  ['piece-lost', '7:0-5,7-11', '7:0-4,7-11'],
  // The end of a text is lost only if the steady state has shown that it is whole: see below.
  ['first-piece-lost', undefined, '7:2-11'],
  ['last-piece-lost', undefined, '7:0-10'],
  ['pieces-twice', '7:0-5,0-11', '7:0-4,1-11'],
  ['pieces-in-another-order', '7:6-11,0-5', '7:6-10,1-4'],
])('%s changes the words of a text and of a stream', async (mutant, ofText, ofStream) => {
  expect(await marksAfter(mutant, whole, JSON_TYPE)).toBe(ofText);
  expect(await marksAfter(mutant, stream, SSE)).toBe(ofStream);
});

test('the answer of the call before is that of another call', async () => {
  const before = { ...SERVED, body: Buffer.from(JSON.stringify({ answer: markWord(6, 0) })) };
  const { hooks } = mutantIn('answer-of-the-call-before', { ...posted });
  expect(hooks.answer).toBeDefined();
  expect(
    await mutantIn('answer-of-the-call-before', posted).act({ ...asking(JSON_TYPE), body: whole }),
  ).toBeUndefined();
  expect(wordsAt(String(before.body), JSON_TYPE)).toEqual(['answer', '6:0']);
});

test('other tokens are reported', async () => {
  const answer = await mutantIn('tokens-of-another-attempt', posted).act({ ...asking(JSON_TYPE), body: whole });
  expect(JSON.parse(String(answer?.body)).usage).toEqual({ prompt_tokens: 3, completion_tokens: 47 });
});

test.each([
  ['an error', { status: 500, body: whole }],
  ['a response without words', { body: '{"ok":true}' }],
  ['a response that may be the same for all callers', { endpoint: 'list', body: whole }],
])('nothing changes %s', async (_, given) => {
  for (const mutant of ['piece-lost', 'tokens-of-another-attempt']) {
    expect(await mutantIn(mutant, posted).act({ ...asking(JSON_TYPE), ...given })).toBeUndefined();
  }
});

test('words of any channel are seen', () => {
  expect(wordsAt(markWord(7, CHANNEL_POSITIONS), 'text/plain')).toEqual(['', '7.1:0']);
});

test.each([
  ['first-piece-lost', '7:3-11'],
  ['last-piece-lost', '7:0-2'],
])('%s acts in the steady state only on a stream, and afterwards also on a text', async (mutant, marks) => {
  const steady = { phase: during({ action: 'steady' }) };
  const { act } = mutantIn(mutant, posted);
  expect(await act({ ...asking(JSON_TYPE), ...steady, body: whole })).toBeUndefined();
  const changed = await act({ ...asking(JSON_TYPE), body: whole });
  expect(wordsAt(String(changed?.body), JSON_TYPE)?.[1].replace(/ ~.*/, '')).toBe(marks);
  expect(await mutantIn(mutant, posted).act({ ...asking(SSE), ...steady, body: stream })).toBeDefined();
});

test('a rescued call gets an earlier answer', async () => {
  const phase = during({ action: 'rescued', upstream: 'llm', fault: '500', failures: 1, endpoint: 'ask' });
  const actIn = (given: object) =>
    mutantIn('rescued-call-without-its-answer', posted).act({ ...asking(JSON_TYPE), body: whole, ...given });
  expect(await actIn({ phase })).toEqual(SERVED);
  expect(await actIn({})).toBeUndefined();
  expect(await actIn({ phase, body: '{}' })).toBeUndefined();
});
