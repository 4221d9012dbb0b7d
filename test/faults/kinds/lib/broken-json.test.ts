import { expect, test } from 'vitest';
import { askStream } from '../../../mocks/ask-stream.ts';
import { startFakeLab } from '../../../mocks/fake-lab.ts';

test.each(['partial-json', 'malformed-json'])(
  '%s breaks each event of a stream and leaves its [DONE]',
  async (kind) => {
    await using lab = await startFakeLab();
    const whole = await askStream(lab);
    await lab.inject('groq', { kind });
    const { data, error } = await askStream(lab);
    expect(error).toBeUndefined();
    expect(data).toHaveLength(whole.data.length);
    expect(data.pop()).toBe('[DONE]');
    for (const event of data) expect(() => JSON.parse(event)).toThrow(SyntaxError);
  },
);
