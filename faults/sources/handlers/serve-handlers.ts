import { once } from 'node:events';
import { createServer } from 'node:http';
import { setSourceMapsSupport } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Refusal } from '../../base/refusal.ts';
import { newToken } from '../../base/token.ts';
import { answerOverHttp } from './answer-over-http.ts';
import { askHandlers } from './ask-handlers.ts';
import { askOldHandlers, isOldHandler, type MockedRequest } from './ask-old-handlers.ts';
import { type Exports, loadHandlers } from './load-handlers.ts';
import { originOf } from './origin.ts';
import type { FromHandlers } from './protocol.ts';

const tell = (message: FromHandlers): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

/** Serves a team's handlers, using the team's version of msw, over HTTP on a free port until the parent disconnects. */
async function main([file = '', given]: readonly string[]): Promise<void> {
  setSourceMapsSupport(true, { nodeModules: false });
  process.once('disconnect', () => process.exit());
  // An error that a handler throws asynchronously must not abort other requests.
  process.on('uncaughtException', (error) => console.error(error));

  const { handlers, importPackage } = await loadHandlers(file);
  const origin = (given ?? originOf(handlers)).replace(/\/$/, '');
  const options = { handlers, baseUrl: origin };
  const ask = handlers.some(isOldHandler)
    ? askOldHandlers(options, await mockedRequest(importPackage))
    : askHandlers(options);
  const token = newToken();
  const server = createServer(answerOverHttp(ask, origin, token));
  // Let the parent close idle connections, so that no request is sent on a connection that is just being closed here.
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await tell({ ready: true, port: (server.address() as AddressInfo).port, token, origin });
}

/** @throws Refusal `msw-too-old` for versions before 1 */
async function mockedRequest(importPackage: (name: string) => Promise<Exports>): Promise<MockedRequest> {
  const { MockedRequest } = await importPackage('msw');
  if (typeof MockedRequest === 'function') return MockedRequest as MockedRequest;
  throw new Refusal('msw-too-old', 'the handlers are for a version of msw before 1; allowed: 1 or later');
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal)) console.error(error);
  const { code, message } = error instanceof Refusal ? error : new Refusal('handlers-failed', String(error));
  await tell({ ready: false, code, message });
  process.exit(1);
}
