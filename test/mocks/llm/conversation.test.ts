import { expect, test } from 'vitest';
import { conversation, nextTurn } from '../../../mocks/llm/conversation.ts';
import type { Question, Said } from '../../../mocks/llm/question.ts';

const FIND = {
  tool: 'find',
  arguments: { text: 'für {{proofload.question}}', deep: [{ page: '{{proofload.round}}' }] },
};
const SCRIPT = conversation.parse({
  rounds: [{ calls: [FIND, { tool: 'book' }] }, { text: 'Again.', calls: [{ tool: 'book', arguments: {} }], times: 2 }],
  text: 'Done.',
});
const book = { name: 'book', parameters: { type: 'object', properties: { by: { type: 'string' } }, required: ['by'] } };
const TOOLS = [{ name: 'find' }, book];
const user: Said = { by: 'user', text: 'tea' };
const found = '{"text":"für tea","deep":[{"page":1}]}';

/** What is said by a call, and by its result. */
const call = (id: string, name: string, written: unknown): Said => ({ by: 'assistant', id, name, arguments: written });
const result = (id: string): Said => ({ by: 'tool', id });
const done = (id: string, name: string, written: unknown) => [call(id, name, written), result(id)];
const FIRST = [...done('a', 'find', found), ...done('b', 'book', { by: 'text' })];

const next = (said: readonly Said[], more: Partial<Question> = {}) =>
  nextTurn(SCRIPT, {
    prompt: '',
    promptTokens: 1,
    format: { type: 'text' },
    stop: [],
    tools: TOOLS,
    toolChoice: 'auto',
    parallelCalls: true,
    maxTokens: undefined,
    said: () => said,
    ...more,
  });
const callsFor = (said: readonly Said[], more: Partial<Question> = {}) =>
  next(said, more)?.calls.map((made) => `${made.name} ${made.arguments}`);
const FIND_CALL = `find ${found}`;
const BOOK_CALL = 'book {"by":"text"}';

test('the calls of a round are made with filled arguments, and then those of the next one', () => {
  expect(callsFor([user])).toEqual([FIND_CALL, BOOK_CALL]);
  expect(next([user, ...FIRST])).toEqual({ text: 'Again.', calls: [{ name: 'book', arguments: '{}' }] });
  expect(callsFor([user, ...FIRST, ...done('c', 'book', '{}')])).toEqual(['book {}']);
  const all = [user, ...FIRST, ...done('c', 'book', '{}'), ...done('d', 'book', '{}')];
  expect(next(all)).toEqual({ text: 'Done.', calls: [] });
});

test.each([
  ['truncated', done('a', 'find', found.slice(0, -1)), [FIND_CALL, BOOK_CALL]],
  ['of an unknown tool', done('a', 'fnid', found), [FIND_CALL, BOOK_CALL]],
  ['without a result', [call('a', 'find', found)], [FIND_CALL, BOOK_CALL]],
  ['done alone', done('a', 'find', found), [BOOK_CALL]],
  ['done twice', [...done('a', 'find', found), result('a')], [BOOK_CALL]],
  ['done, with its arguments written in another way', done('a', 'find', JSON.parse(found)), [BOOK_CALL]],
] as const)('a call that is %s leads to the calls that are missing', (_, said, calls) => {
  expect(callsFor([user, ...said])).toEqual(calls);
});

test('a message of a framework goes on, and one after an answer without calls starts again', () => {
  const goOn: Said = { by: 'user', text: 'Go on' };
  expect(callsFor([user, { by: 'assistant' }, ...FIRST, goOn])).toEqual(['book {}']);
  expect(callsFor([user, ...FIRST, { by: 'assistant' }, { by: 'user', text: 'tea' }])).toEqual([FIND_CALL, BOOK_CALL]);
});

test('only tools that the request offers and allows are called, and the first one by default', () => {
  expect(callsFor([user], { tools: [book] })).toEqual([BOOK_CALL]);
  expect(callsFor([user], { toolChoice: { name: 'find' } })).toEqual([FIND_CALL]);
  expect(callsFor([user], { parallelCalls: false })).toEqual([FIND_CALL]);
  expect(next([user], { toolChoice: 'none' })).toEqual({ text: 'Done.', calls: [] });
  expect(next([user], { tools: [] }), 'a request without tools is answered as usual').toBeUndefined();
  expect(next([user, ...FIRST], { tools: [] }), 'unless it has results').toEqual({ text: 'Done.', calls: [] });
  const unnamed = conversation.parse({ rounds: [{ calls: [{ arguments: { x: 1 } }] }] });
  const question = { tools: [book], toolChoice: 'auto', parallelCalls: true, said: () => [user] };
  expect(nextTurn(unnamed, question as never)?.calls).toEqual([{ name: 'book', arguments: '{"x":1}' }]);
});
