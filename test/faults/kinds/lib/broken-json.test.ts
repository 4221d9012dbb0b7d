import { expect, test } from 'vitest';
import { askStream } from '../../../mocks/ask-stream.ts';
import { startFakeLab } from '../../../mocks/fake-lab.ts';

test('partial-json responds with 200, the first half of the body, and a matching length', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'partial-json', next: 1 });
  const answer = await lab.complete();
  expect(answer.status).toBe(200);
  expect(answer.text).toMatch(/^\{"id":"chatcmpl-/);
  expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)));
  expect(() => JSON.parse(answer.text)).toThrow(/Unterminated|Unexpected end|Expected/);
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:partial-json'], status: 200, outcome: 'answered' }]);
});

test.each(['partial-json', 'malformed-json'])(
  '%s breaks each event of a stream and leaves its [DONE]',
  async (kind) => {
    await using lab = await startFakeLab();
    const whole = await askStream(lab);
    await lab.inject('groq', { kind });
    const { data, error } = await askStream(lab);
    expect(error).toBeUndefined();
    expect(data).toHaveLength(whole.data.length);
    expect(data.pop()).toBe('[DONE]');
    for (const event of data) expect(() => JSON.parse(event)).toThrow(SyntaxError);
  },
);
