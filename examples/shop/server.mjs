/**
 * A small shop with three bugs, for `proofload demo`. Each bug looks right at first sight, and no test with working
 * upstreams and a single client notices it. The contract, `proofload.yaml`, says what the shop promises.
 */
import { createServer } from 'node:http';

const { PORT, RATES_URL, PAYMENTS_URL, LIMIT = '20' } = process.env;

const json = (status, body, headers = {}) => ({ status, body: JSON.stringify(body), headers });
const call = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(1_000) });

// Promise 1: each client may list the items 20 times in two seconds.
const WINDOW_MS = 2_000;
const windows = new Map();

function listItems(request) {
  // Bug 1: each client can choose this header, so each value of it gets a limit of its own.
  const client = request.headers['x-user-id'] ?? request.socket.remoteAddress;
  const now = performance.now();
  const current = windows.get(client);
  if (current === undefined || now >= current.end) windows.set(client, { count: 1, end: now + WINDOW_MS });
  else if (++current.count > Number(LIMIT))
    return json(429, { error: 'too many requests' }, { 'retry-after': Math.ceil((current.end - now) / 1_000) });
  return json(200, ['tea', 'coffee']);
}

// Promise 2: if the exchange rates are not available for a moment, a retry rescues the request.
const ATTEMPTS = 3;

async function priceOf(item) {
  const attempts = [];
  do attempts.push(await call(`${RATES_URL}/rates/EUR`));
  while (attempts.at(-1).status >= 500 && attempts.length < ATTEMPTS);
  // Bug 2: this is the first answer, not the last one. The retries cost time and rescue nobody.
  const [response] = attempts;
  if (!response.ok) return json(502, { error: 'no exchange rate' });
  const { rate } = await response.json();
  return json(200, { item, price: 4.2 * rate });
}

// Promise 3: after five failed payments in a row, a circuit breaker refuses orders for two seconds.
const THRESHOLD = 5;
const REST_MS = 2_000;
let failures = 0;
let openUntil = 0;
let isTrying = false;

async function order() {
  const isOpen = openUntil > 0;
  if (isOpen && (isTrying || performance.now() < openUntil)) return json(503, { error: 'no payments at the moment' });
  isTrying = isOpen;
  const response = await call(`${PAYMENTS_URL}/payments`, { method: 'POST', body: '{}' }).catch(() => undefined);
  await response?.arrayBuffer().catch(() => undefined);
  isTrying = false;
  failures = response?.ok ? 0 : failures + 1;
  // Bug 3: ">" opens it one failure too late.
  openUntil = failures > THRESHOLD ? performance.now() + REST_MS : 0;
  return response?.ok ? json(201, { ordered: true }) : json(502, { error: 'the payment failed' });
}

const ROUTES = {
  'GET /health': () => json(200, { ok: true }),
  'GET /items': listItems,
  'GET /prices/tea': () => priceOf('tea'),
  'POST /orders': order,
};

const server = createServer(async (request, response) => {
  const [path] = request.url.split('?');
  const answer = ROUTES[`${request.method} ${path}`] ?? (() => json(404, { error: 'not found' }));
  const { status, body, headers } = await Promise.resolve(answer(request)).catch(() =>
    json(502, { error: 'no answer' }),
  );
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
});

server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => server.close(() => process.exit(0)));
