import { expect, test } from 'vitest';
import { askStream } from '../../mocks/ask-stream.ts';
import { startFakeLab } from '../../mocks/fake-lab.ts';

test.each([0, 1, 4])('sends %d events of a stream, then closes the connection', async (events) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'cut-stream', events });
  const cut = await askStream(lab);
  expect(cut).toMatchObject({ status: 200, error: 'UND_ERR_SOCKET' });
  expect(cut.data).toHaveLength(events);
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:cut-stream'], status: 200, outcome: 'cut' }]);
});

test('shorter streams and other responses arrive whole', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'cut-stream', events: 10_000 });
  expect((await askStream(lab)).data.at(-1)).toBe('[DONE]');
  expect((await lab.complete()).status).toBe(200);
  expect(await lab.receipts()).toMatchObject([{ outcome: 'answered' }, { outcome: 'answered' }]);
});
