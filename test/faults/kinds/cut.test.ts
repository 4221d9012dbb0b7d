import { request } from 'undici';
import { expect, test } from 'vitest';
import { type FakeLab, startFakeLab } from '../../mocks/fake-lab.ts';

/** Reads a response until it breaks off. */
async function readModels(lab: FakeLab) {
  const { statusCode, headers, body } = await request(`${lab.fakes.upstreams.groq}/openai/v1/models`, {
    headers: { authorization: 'Bearer gsk_test' },
    dispatcher: lab.agent,
  });
  let text = '';
  try {
    for await (const chunk of body) text += chunk;
    return { status: statusCode, length: Number(headers['content-length']), text, error: undefined };
  } catch (error) {
    return { status: statusCode, length: Number(headers['content-length']), text, error };
  }
}

test.each([0, 1, 100])('sends the head and %d bytes, then closes the connection', async (bytes) => {
  await using lab = await startFakeLab();
  const whole = await readModels(lab);
  await lab.inject('groq', { kind: 'cut', bytes, next: 1 });
  expect(await readModels(lab)).toMatchObject({
    status: 200,
    length: whole.text.length,
    text: whole.text.slice(0, bytes),
    error: { code: 'UND_ERR_SOCKET' },
  });
  expect(await lab.receipts()).toMatchObject([
    { outcome: 'answered' },
    { faults: ['f1:cut'], status: 200, outcome: 'cut' },
  ]);
});

test('a shorter body arrives whole, as its receipt says', async () => {
  await using lab = await startFakeLab();
  const whole = await readModels(lab);
  for (const bytes of [whole.length, 1_000_000]) {
    await lab.inject('groq', { kind: 'cut', bytes, next: 1 });
    expect(await readModels(lab)).toEqual(whole);
  }
  expect(await lab.receipts()).toMatchObject(Array(3).fill({ outcome: 'answered' }));
});
