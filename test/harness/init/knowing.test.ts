import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { text, whole } from '../../../harness/init/answers.ts';
import { type FoundAnswers, sourceOf } from '../../../harness/init/found/source.ts';
import { knowing } from '../../../harness/init/knowing.ts';
import type { Question } from '../../../harness/init/question.ts';

const question = (name: string, own: Partial<Question> = {}): Question => ({
  name,
  ask: `${name}?`,
  usual: 'usual',
  answer: text,
  ...own,
});

/** Returns a function that answers questions, with what it told and asked. */
function interviewer(found: FoundAnswers, asksAll = false) {
  const lines: string[] = [];
  const questions: string[] = [];
  const enter = knowing(sourceOf(found), {
    enter({ name, usual }) {
      questions.push(name);
      return usual;
    },
    tell: (line) => lines.push(line),
    asksAll,
  });
  return { enter, lines, questions };
}

const from = 'package.json';

test('a found answer is told with its origin, and not asked for', async () => {
  const { enter, lines, questions } = interviewer({ name: { answer: 'desk', from } });
  expect([await enter(question('name')), await enter(question('other'))]).toEqual(['desk', 'usual']);
  expect(lines).toEqual(['name? desk (from package.json)']);
  expect(questions).toEqual(['other']);
});

test('a guess, or any found answer if all are to be asked for, is suggested', async () => {
  const guess = interviewer({ name: { answer: 'desk', from, isGuess: true } });
  expect(await guess.enter(question('name'))).toBe('desk');
  const all = interviewer({ name: { answer: 'desk', from } }, true);
  expect(await all.enter(question('name'))).toBe('desk');
  expect([guess.questions, guess.lines, all.questions, all.lines]).toEqual([['name'], [], ['name'], []]);
});

test('a found answer that does not answer the question is asked for', async () => {
  const { enter, questions } = interviewer({ max: { answer: 'many', from } });
  expect(await enter(question('max', { usual: '10', answer: whole }))).toBe('10');
  expect(questions).toEqual(['max']);
});

test("a running service's OpenAPI document is read once its address is known", async () => {
  const document = { openapi: '3.1.0', paths: { '/chat': { post: {} }, '/ready': { get: {} } } };
  const server = createServer(({ url }, response) => {
    response.statusCode = url === '/openapi.json' ? 200 : 404;
    response.end(JSON.stringify(document));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { enter, lines } = interviewer({});
  await enter(question('running', { usual: address }));
  expect([await enter(question('readyPath')), await enter(question('endpoint'))]).toEqual(['/ready', 'POST /chat']);
  expect(lines[0]).toBe(`readyPath? /ready (from ${address}/openapi.json)`);
});
