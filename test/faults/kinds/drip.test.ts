import { expect, test } from 'vitest';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';
import { RawClient } from '../../mocks/raw-client.ts';
import { REAL_TIME } from '../../support/real-time.ts';

test.each([
  [{ stream: true }, 1],
  [{ stream: false }, 1],
  [{ stream: false }, 7],
])('drip %j sends %d bytes at a time, and the rest once it is healed', REAL_TIME, async (options, bytes) => {
  // The first answer of each lab is the same.
  await using undisturbed = await startFakeLab();
  using whole = await RawClient.complete(undisturbed, options);
  await using lab = await startFakeLab();
  await until(() => /(\[DONE\]|\})\s*$/.test(whole.body));
  await lab.inject('groq', { kind: 'drip', bytes, everyMilliseconds: 20 });
  using client = await RawClient.complete(lab, options);
  await until(() => client.body.length >= 4 * bytes);
  expect(client.body.length).toBeLessThan(whole.body.length);
  const [, ...pieces] = client.pieces;
  expect(Math.min(...pieces.map(({ text }) => text.length))).toBeLessThan(20);
  await lab.control('DELETE', '/faults');
  await until(() => client.body.length >= whole.body.length);
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:drip'], status: 200, outcome: 'answered' }]);
});
