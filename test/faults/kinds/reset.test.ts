import { expect, test } from 'vitest';
import { codeOf, startFakeLab } from '../../mocks/fake-lab.ts';

test('the client sees ECONNRESET on a new connection and on a reused one', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'reset', next: 1 });
  expect(await codeOf(lab.complete())).toBe('ECONNRESET');
  expect((await lab.complete()).status).toBe(200);
  await lab.inject('groq', { kind: 'reset', next: 1 });
  expect(await codeOf(lab.complete())).toBe('ECONNRESET');
  expect(await lab.receipts()).toMatchObject([
    { faults: ['f1:reset'], status: null, outcome: 'reset' },
    { faults: [], status: 200, outcome: 'answered' },
    { faults: ['f2:reset'], status: null, outcome: 'reset' },
  ]);
});
