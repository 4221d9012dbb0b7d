import { expect, test } from 'vitest';
import { agentOf, codeOf, startFakeLab } from '../../mocks/fake-lab.ts';

test('the client sees ECONNRESET, again after a good answer', async () => {
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

test('it never breaks a kept connection, on which HTTP clients may send a request again by themselves', async () => {
  await using lab = await startFakeLab();
  await using dispatcher = agentOf({ connect: { ca: lab.fakes.ca }, connections: 1 });
  await lab.complete({ dispatcher });
  await lab.inject('groq', {
    kind: 'mix',
    of: [
      { kind: 'status', status: 500, weight: 1 },
      { kind: 'reset', weight: 1 },
    ],
  });
  const statuses = [await lab.complete({ dispatcher }), await codeOf(lab.complete({ dispatcher }))];
  expect(statuses).toMatchObject([{ status: 500 }, 'ECONNRESET']);
  await lab.control('DELETE', '/upstreams/groq/faults');
  await lab.complete({ dispatcher });
  await lab.complete({ dispatcher });
  const receipts = await lab.receipts();
  expect(receipts.map((receipt) => 'connection' in receipt && receipt.connection)).toEqual([1, 2, 3, 4, 4]);
});
