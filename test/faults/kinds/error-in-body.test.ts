import { expect, test } from 'vitest';
import { startFakeLab } from '../../mocks/fake-lab.ts';

test("error-in-body responds 200 with the provider's error", async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'error-in-body', status: 503 });
  const answer = await lab.complete();
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(JSON.parse(answer.text)).toEqual({
    error: { message: expect.any(String), type: expect.any(String) },
  });
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:error-in-body'], status: 200, outcome: 'answered' }]);
});
