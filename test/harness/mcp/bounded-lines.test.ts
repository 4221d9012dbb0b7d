import { expect, test } from 'vitest';
import { BoundedLines, MOST_BYTES } from '../../../harness/mcp/bounded-lines.ts';

/** Writes chunks, and returns what is passed on and the errors that are answered. */
async function through(...chunks: (string | Buffer)[]) {
  const answers: unknown[] = [];
  const lines = new BoundedLines((line) => answers.push(JSON.parse(line)));
  for (const chunk of chunks) lines.write(chunk);
  lines.end();
  const passed = (await Array.fromAsync(lines)).join('');
  return { passed, answers };
}

const refused = (id: unknown) => ({
  jsonrpc: '2.0',
  id,
  error: { code: -32_600, message: expect.stringMatching(/^the message has \d+ bytes; allowed: /) },
});
const x = 'x'.repeat(MOST_BYTES);

test('lines of JSON are passed on whole, however they arrive', async () => {
  const [first, second] = ['{"a":"é"}', '{"b":2}'];
  const bytes = Buffer.from(`${first}\n${second}\n`);
  const { passed, answers } = await through(...[...bytes].map((byte) => Buffer.from([byte])));
  expect(passed).toBe(`${first}\n${second}\n`);
  expect(answers).toEqual([]);
});

test.each([
  [
    'the official client, which writes it last',
    `{"method":"tools/call","params":{"id":1,"x":"${x}"},"jsonrpc":"2.0","id":7}`,
    7,
  ],
  ['others, which write it first', `{"jsonrpc":"2.0","id":"a\\"b","method":"tools/call","params":{"x":"${x}"}}`, 'a"b'],
  ['nobody', `{"jsonrpc":"2.0","method":"tools/call","params":{"x":"${x}"}}`, null],
])(
  'a line that is too long is answered with an error and the id of %s, and the next line is read',
  async (_, line, id) => {
    const middle = line.length >> 1;
    const { passed, answers } = await through(line.slice(0, middle), line.slice(middle), '\n{"id":8}\n');
    expect(answers).toEqual([refused(id)]);
    expect(passed).toBe('{"id":8}\n');
  },
);

test('a line that is not JSON is answered with an error, and a blank one is ignored', async () => {
  const { passed, answers } = await through('{"id":1\n\n  \r\n{}\n');
  expect(answers).toMatchObject([{ id: null, error: { code: -32_700 } }]);
  expect(passed).toBe('{}\n');
});
