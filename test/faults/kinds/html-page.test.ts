import { expect, test } from 'vitest';
import { startFakeLab } from '../../mocks/fake-lab.ts';

test.each([
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [599, 'Error'],
])("responds with status %d and a proxy's HTML page", async (status, reason) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'html-page', status });
  const answer = await lab.complete();
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^text\/html/);
  expect(answer.headers.server).toBe('nginx');
  expect(answer.text).toContain(`<h1>${status} ${reason}</h1>`);
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:html-page'], status, outcome: 'answered' }]);
});
