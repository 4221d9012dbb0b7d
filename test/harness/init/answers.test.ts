import { expect, test } from 'vitest';
import type { z } from 'zod';
import * as answers from '../../../harness/init/answers.ts';
import { judgeAnswer } from '../../../harness/init/question.ts';

const converted = (schema: z.ZodType<unknown, string>, text: string) => {
  const judged = judgeAnswer({ name: 'n', ask: 'a?', usual: '', answer: schema }, text);
  return judged === true ? schema.parse(text) : judged;
};

const WORDS = answers.oneOf(['clock', 'sliding']);
const LIST = answers.listOf(['llm', 'crm']);

test.each([
  [answers.text, ' shop ', 'shop'],
  [answers.text, ' ', 'an answer is needed'],
  [answers.setting, 'API-KEY', 'the name of an environment variable, such as API_KEYS'],
  [answers.settings, 'A=1 B=x=y', { A: '1', B: 'x=y' }],
  [answers.settings, 'A', 'settings as NAME=value, separated by spaces'],
  [answers.path, 'health', 'a path, such as /health'],
  [answers.whole, '5', 5],
  [answers.whole, 'five', 'a whole number above 0'],
  [answers.whole, '0', 'a whole number above 0'],
  [answers.seconds, '0.5', 0.5],
  [answers.seconds, '0', 'a number of seconds above 0'],
  [answers.status, '503', 503],
  [answers.status, '7', 'a status, such as 503'],
  [answers.statuses, '200, 404 503', [200, 404, 503]],
  [answers.statuses, 'ok', 'one or more statuses, such as "200 404"'],
  [answers.endpoint, 'POST /chat?x=1', { method: 'POST', path: '/chat?x=1' }],
  [answers.endpoint, 'chat', 'a method and a path, such as "POST /chat"'],
  [
    answers.endpoints,
    'POST /chat, GET /a',
    [
      { method: 'POST', path: '/chat' },
      { method: 'GET', path: '/a' },
    ],
  ],
  [
    answers.endpoints,
    'POST /chat GET /a',
    'a method and a path, such as "POST /chat", or several with commas between them',
  ],
  [answers.numberSetting, 'RESET_MS', { name: 'RESET_MS', unit: 'ms' }],
  [answers.numberSetting, 'WINDOW text', { name: 'WINDOW', unit: 'text' }],
  [answers.yesOrNo, 'Y', true],
  [answers.json, '{"a":1}', { a: 1 }],
  [answers.json, '{"a": }', 'JSON, such as {"question": "hello ${unique}"}'],
  [WORDS, 'clock', 'clock'],
  [WORDS, 'hourly', 'one of clock, sliding'],
  [LIST, 'crm llm', ['crm', 'llm']],
  [LIST, 'crm crm', 'some of llm, crm, separated by spaces'],
  [LIST, 'mail', 'some of llm, crm, separated by spaces'],
  [answers.orNone(answers.whole), 'none', undefined],
  [answers.orNone(answers.whole), ' ', undefined],
  [answers.orNone(answers.whole), '5', 5],
  [answers.orNone(answers.whole), 'five', 'none, or a whole number above 0'],
] as const)('%#: an answer is validated and converted: "%s" %s', (schema, text, expected) => {
  expect(converted(schema as z.ZodType<unknown, string>, text)).toEqual(expected);
});
