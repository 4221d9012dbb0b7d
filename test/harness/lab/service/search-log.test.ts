import { expect, test } from 'vitest';
import { searchForms } from '../../../../harness/base/secret-forms.ts';
import type { LeakEvent } from '../../../../harness/history/events.ts';
import { searchLog } from '../../../../harness/lab/service/search-log.ts';

const TARGETS = { secrets: [{ name: 'USERS', forms: searchForms('key-3d7e9a') }], folders: ['/home/ada'] };

function search(...lines: string[]) {
  const recorded: LeakEvent[] = [];
  const searchLine = searchLog(TARGETS, { of: 'log' }, (event) => recorded.push(event));
  const numbers = lines.map(searchLine);
  return { numbers, found: recorded.map(({ secret, line }) => [line, secret]) };
}

test('each line is counted, and those with a secret are recorded by its name', () => {
  expect(search('up', 'GET /notes?key=key-3d7e9a 200', 'from /home/ada', 'key-3d7e9a, key-3d7e9a')).toEqual({
    numbers: [1, 2, 3, 4],
    found: [
      [2, 'USERS'],
      [4, 'USERS'],
    ],
  });
});

test('Basic credentials and signed tokens are found', () => {
  const basic = Buffer.from('ada:key-3d7e9a').toString('base64');
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  expect(search(`authorization: Basic ${basic}`, `authorization: Bearer ${token}`).found).toEqual([
    [1, 'USERS'],
    [2, 'JWT'],
  ]);
});
