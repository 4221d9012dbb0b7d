import { once } from 'node:events';
import { createServer } from 'node:http';
import { setSourceMapsSupport } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Refusal } from '../../base/refusal.ts';
import { newToken } from '../../base/token.ts';
import { answerOverHttp } from './answer-over-http.ts';
import { askHandlers } from './ask-handlers.ts';
import { loadHandlers } from './load-handlers.ts';
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

  const handlers = await loadHandlers(file);
  const origin = (given ?? originOf(handlers)).replace(/\/$/, '');
  const token = newToken();
  const server = createServer(answerOverHttp(askHandlers({ handlers, baseUrl: origin }), origin, token));
  // Let the parent close idle connections, so that no request is sent on a connection that is just being closed here.
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await tell({ ready: true, port: (server.address() as AddressInfo).port, token, origin });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal)) console.error(error);
  const { code, message } = error instanceof Refusal ? error : new Refusal('handlers-failed', String(error));
  await tell({ ready: false, code, message });
  process.exit(1);
}
