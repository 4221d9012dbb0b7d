import { expect, test } from 'vitest';
import { codeOf, startFakeLab, until } from '../../mocks/fake-lab.ts';

test('the certificate is presented for some time and counts the connections', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'certificate', certificate: 'expired', forMilliseconds: 2_000 });
  expect(await codeOf(lab.complete())).toBe('CERT_HAS_EXPIRED');
  await until(async () => (await lab.firstFault('groq')).state === 'spent');
  expect((await lab.complete()).status).toBe(200);
  expect(await lab.firstFault('groq')).toMatchObject({ seen: 1, excluded: 0, disrupted: 1 });
});
