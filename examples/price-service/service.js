/**
 * An example service that returns the price of an item in euros. It gets the price from a shop, its upstream, and
 * rejects prices in another currency. `proofload.config.ts` is its contract, and `proofload/` has its own scenario,
 * check and fault: see docs/extending.md.
 */
import { createServer } from 'node:http';

const { PORT, SHOP_URL, CURRENCY = 'EUR' } = process.env;

const server = createServer(async (request, response) => {
  const [status, body] = await answer(request.url).catch(() => [502, { error: 'the shop does not answer' }]);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});

async function answer(path) {
  if (path === '/health') return [200, { ok: true }];
  const [, item] = /^\/prices\/(\w+)$/.exec(path) ?? [];
  return item === undefined ? [404, { error: 'not found' }] : priceOf(item);
}

async function priceOf(item) {
  const response = await fetch(`${SHOP_URL}/prices/${item}`, { signal: AbortSignal.timeout(2_000) });
  if (!response.ok) return [502, { error: `the shop answers ${response.status}` }];
  const { price, currency } = await response.json();
  if (currency !== CURRENCY) return [502, { error: `the shop returned a price in ${currency}` }];
  return [200, { item, price, currency }];
}

server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => server.close());
