import { expect, test } from 'vitest';
import { body } from '../../../harness/init/body.ts';

test.each([
  ['{"a": "${unique}"}', { body: { a: '${unique}' } }],
  ['"form"', { body: 'form' }],
  [
    'form name=ada+l&mail=${unique}%40x.example&tag=',
    { form: { name: 'ada l', mail: '${unique}@x.example', tag: '' } },
  ],
  ['text id\n${unique}', { text: 'id\n${unique}' }],
  ['file ./pictures/cat.png', { file: { name: 'cat.png', path: './pictures/cat.png' } }],
  ['file cat.svg image/svg+xml', { file: { name: 'cat.svg', path: 'cat.svg', type: 'image/svg+xml' } }],
])('the body %s is recognized', (entered, expected) => {
  expect(body.parse(entered)).toEqual(expected);
});

test.each([['form'], ['form a'], ['form a=1&a=2'], ['form a=1 b=2'], ['file a.png png'], ['hello'], ['forma=1']])(
  'the body %s is refused',
  (entered) => {
    expect(body.safeParse(entered).error?.issues[0]?.message).toBe(
      'one of: JSON, "form a=1&b=2", "text …", "file ./cat.png image/png"',
    );
  },
);
