import { expect, test } from 'vitest';
import { CONVERSATION, refusal, startApp } from '../support/test-app.ts';

test('a defect answers 500, and tells nobody its stack or message', async () => {
  await using app = await startApp();
  app.database.failure = new Error('secret detail');
  const response = await app.get('/v1/conversations/c-1');
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    error: { code: 'internal_error', message: 'The service failed to answer.' },
  });
});

test('the log names the defect, without its stack', async () => {
  await using app = await startApp();
  app.database.failure = new Error('what happened');
  await app.get('/v1/conversations/c-1');
  expect(app.log).toMatchObject([{ msg: 'request failed', code: 'internal_error', err: { message: 'what happened' } }]);
  expect(JSON.stringify(app.log)).not.toContain('error-response.test.ts');
});

test('answers 404 to another method of a known path', async () => {
  await using app = await startApp();
  expect(await refusal(await app.post('/health', CONVERSATION))).toMatchObject({ status: 404, code: 'not_found' });
});
