import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { onTestFinished } from 'vitest';
import type { Callee } from '../../../../harness/gate/builds/call-pairs.ts';

/** Starts a build with the endpoints `one` and `two`, which answers with a status. */
export async function runningBuild(statusOf: (path: string) => number | Promise<number>): Promise<Callee> {
  const server = createServer(async (request, response) =>
    response.writeHead(await statusOf(request.url ?? '')).end('{}'),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const agent = new Agent();
  onTestFinished(async () => {
    await agent.destroy();
    server.close();
  });
  const endpoint = (path: string) => ({ method: 'GET', path, headers: {}, query: {}, authenticated: false });
  const calling = {
    client: 'socket',
    clientPrefix: '',
    endpoints: { one: endpoint('/one/${unique}'), two: endpoint('/two') },
  } as unknown as Callee['calling'];
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calling,
    means: {} as Callee['means'],
    dispatcher: agent,
    served: { one: [200], two: [200] },
  };
}
