import { expect, onTestFinished, test } from 'vitest';
import { startTarget } from './target/start-target.ts';

test.each(['/', '//', '//get?a=1'])('the target responds to %s', async (path) => {
  const target = await startTarget();
  onTestFinished(() => target.close());
  const response = await fetch(`http://${target.address}${path}`);
  expect(response.status).toBe(200);
});
