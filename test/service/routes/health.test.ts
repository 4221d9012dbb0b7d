import { expect, test, vi } from 'vitest';
import { disabledBreaker } from '../../../service/protections/circuit-breaker.ts';
import { startApp } from '../support/test-app.ts';

test('responds with ok and the breaker states, without database and upstream calls', async () => {
  const llm = { invoke: vi.fn() };
  const memory = { extract: vi.fn(), search: vi.fn() };
  await using app = await startApp({ llm, memory });
  const response = await app.get('/health');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok', breakers: { llm: 'closed', memory: 'closed' } });
  expect(app.database.statements).toEqual([]);
  for (const call of [llm.invoke, memory.extract, memory.search]) expect(call).not.toHaveBeenCalled();
});

test('reports disabled breakers', async () => {
  await using app = await startApp({ breakers: { llm: disabledBreaker, memory: disabledBreaker } });
  expect(await (await app.get('/health')).json()).toMatchObject({ breakers: { llm: 'disabled', memory: 'disabled' } });
});
