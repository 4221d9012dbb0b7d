import { expect, test } from 'vitest';
import { startFakeLab } from '../../mocks/fake-lab.ts';

test.each([502, 503])("responds with status %d and a proxy's HTML page", async (status) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'html-page', status });
  const answer = await lab.complete();
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^text\/html/);
  expect(answer.text).toContain(`<h1>${status} `);
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:html-page'], status, outcome: 'answered' }]);
});
