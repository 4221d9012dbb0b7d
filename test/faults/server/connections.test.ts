import { expect, test } from 'vitest';
import { agentOf, startFakeLab } from '../../mocks/fake-lab.ts';

test('receipts have the number of the connection, which requests share if the client keeps it open', async () => {
  await using lab = await startFakeLab();
  const connect = { ca: lab.fakes.ca };
  await using agent = agentOf({ connect, connections: 1 });
  await using other = agentOf({ connect, connections: 1 });
  for (const dispatcher of [agent, agent, other]) await lab.complete({ dispatcher });
  const [first, second, third] = (await lab.receipts()).map((receipt) => 'connection' in receipt && receipt.connection);
  expect(first).toEqual(expect.any(Number));
  expect(second).toBe(first);
  expect(third).toEqual(expect.any(Number));
  expect(third).not.toBe(first);
});
