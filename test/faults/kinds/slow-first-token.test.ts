import { expect, test } from 'vitest';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';
import { RawClient } from '../../mocks/raw-client.ts';

test.each([{ stream: true }, { stream: false }])(
  'slow-first-token sends the head at once and the body later, %j',
  async (options) => {
    await using lab = await startFakeLab();
    await lab.inject('groq', { kind: 'slow-first-token', milliseconds: 200 });
    using client = await RawClient.complete(lab, options);
    await until(() => client.body.length > 0);
    const [head, first] = client.pieces;
    expect(head?.text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
    // The head was sent before the wait, the body after it.
    expect((first?.at ?? 0) - (head?.at ?? 0)).toBeGreaterThan(150);
    expect(await lab.receipts()).toMatchObject([{ faults: ['f1:slow-first-token'], status: 200, outcome: 'answered' }]);
  },
);
