import { expect, test } from 'vitest';
import { askStream, firstStream } from '../../../mocks/ask-stream.ts';
import { startFakeLab } from '../../../mocks/fake-lab.ts';

test.each(['partial-json', 'malformed-json'])(
  '%s breaks each event of a stream and leaves its [DONE]',
  async (kind) => {
    const whole = await firstStream();
    await using lab = await startFakeLab();
    await lab.inject('groq', { kind });
    const { data, error } = await askStream(lab);
    expect(error).toBeUndefined();
    expect(data).toHaveLength(whole.data.length);
    expect(data.pop()).toBe('[DONE]');
    for (const event of data) expect(() => JSON.parse(event)).toThrow(SyntaxError);
  },
);
