import { expect, test } from 'vitest';
import { LimitStringError, parseLimitString } from '../../../service/config/limit-string.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

test.each([
  ['100/minute', 100, MINUTE],
  ['100 per minute', 100, MINUTE],
  ['100per minute', 100, MINUTE],
  [' 100 / minute ', 100, MINUTE],
  ['100/MINUTES', 100, MINUTE],
  ['1 PER Second', 1, 1000],
  ['20/2seconds', 20, 2000],
  ['20 per 2 seconds', 20, 2000],
  ['5/hour', 5, 60 * MINUTE],
  ['5/day', 5, DAY],
  ['5/month', 5, 30 * DAY],
  ['5/2 years', 5, 720 * DAY],
])('parses %j', (text, amount, windowMs) => {
  expect(parseLimitString(text)).toEqual([{ amount, windowMs }]);
});

test.each([',', ';', '|'])('parses several limits joined by %j', (separator) => {
  expect(parseLimitString(`10/second${separator} 100 per minute`)).toEqual([
    { amount: 10, windowMs: 1000 },
    { amount: 100, windowMs: MINUTE },
  ]);
});

test.each([
  '',
  '100',
  '/minute',
  'minute',
  '100/',
  '100/week',
  '100 minute',
  '100 perminutely',
  '-1/minute',
  '1.5/minute',
  '0/minute',
  '1/0 minutes',
  '100/minute,',
  '100/minute;;1/day',
  '100/minute & 1/day',
  '1e3/minute',
  `1/${'9'.repeat(30)} years`,
])('rejects %j with the allowed format', (text) => {
  const parse = () => parseLimitString(text);
  expect(parse).toThrow(LimitStringError);
  expect(parse).toThrow(JSON.stringify(text));
  expect(parse).toThrow('second, minute, hour, day, month or year');
});

test('reports the whole string, not only the invalid part', () => {
  expect(() => parseLimitString('10/second;nonsense')).toThrow('"10/second;nonsense"');
});
