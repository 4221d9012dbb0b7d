import { expect, test } from 'vitest';
import { askStream } from '../../mocks/ask-stream.ts';
import { startFakeLab } from '../../mocks/fake-lab.ts';
import { NAMED_STREAMS, readNamed } from './named-streams.ts';

test("error-in-stream sends the provider's error after some events, and ends the stream", async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'error-in-stream', afterEvents: 2 });
  const { status, data, error } = await askStream(lab);
  expect({ status, error }).toEqual({ status: 200, error: undefined });
  expect(data).toHaveLength(3);
  expect(JSON.parse(data[1] ?? '')).toHaveProperty('choices');
  expect(JSON.parse(data[2] ?? '')).toEqual({ error: expect.objectContaining({ message: expect.any(String) }) });
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:error-in-stream'], status: 200, outcome: 'answered' }]);
});

test.each(NAMED_STREAMS)('in a stream of $upstream, the error is an event with the name error', async (stream) => {
  const whole = await readNamed(stream);
  for (const afterEvents of [0, 2]) {
    const { names, data } = await readNamed(stream, { kind: 'error-in-stream', afterEvents });
    expect(names).toEqual([...whole.names.slice(0, afterEvents), 'error']);
    expect(data).toMatchObject({ error: { message: expect.any(String) } });
  }
});
