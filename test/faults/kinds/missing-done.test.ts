import { expect, test } from 'vitest';
import { askStream, firstStream } from '../../mocks/ask-stream.ts';
import { startFakeLab } from '../../mocks/fake-lab.ts';
import { NAMED_STREAMS, readNamed } from './named-streams.ts';

test('the stream ends cleanly after its last chunk, without [DONE]', async () => {
  const whole = await firstStream();
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'missing-done' });
  const answer = await askStream(lab);
  expect(answer.error).toBeUndefined();
  expect(answer.data).toHaveLength(whole.data.length - 1);
  expect(answer.text).not.toContain('[DONE]');
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:missing-done'], status: 200, outcome: 'answered' }]);
});

test('the stream ends cleanly in its middle', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'missing-done', afterEvents: 2 });
  const answer = await askStream(lab);
  expect(answer.error).toBeUndefined();
  expect(answer.data).toHaveLength(2);
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:missing-done'], status: 200, outcome: 'answered' }]);
});

test.each(NAMED_STREAMS)('a stream of $upstream ends cleanly without $last', async (stream) => {
  const whole = await readNamed(stream);
  expect(whole.names.at(-1)).toBe(stream.last);
  expect((await readNamed(stream, { kind: 'missing-done' })).names).toEqual(whole.names.slice(0, -1));
});
