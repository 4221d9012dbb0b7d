import { expect, test } from 'vitest';
import { startFakeLab } from '../../mocks/fake-lab.ts';

test('partial-json responds 200 with the first half of the body and a matching length', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'partial-json', next: 1 });
  const answer = await lab.complete();
  expect(answer.status).toBe(200);
  expect(answer.text).toMatch(/^\{"id":"chatcmpl-/);
  expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)));
  expect(() => JSON.parse(answer.text)).toThrow(/Unterminated|Unexpected end|Expected/);
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:partial-json'], status: 200, outcome: 'answered' }]);
});
