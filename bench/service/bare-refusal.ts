import { createServer } from 'node:http';
import { errorBody, ServiceError } from '../../service/base/errors.ts';

const REFUSAL = errorBody(
  new ServiceError('rate_limited', 'More than 1 requests in 86400 seconds.', { retryAfterSeconds: 86_400 }),
);

/** Refuses every request with `node:http` alone, which is the least that a refusal costs in Node. */
const server = createServer((request, response) => {
  if (request.url === '/metrics') {
    const { user, system } = process.cpuUsage();
    return void response.end(`process_cpu_seconds_total ${(user + system) / 1e6}\n`);
  }
  if (request.url === '/health') return void response.end();
  const body = JSON.stringify(REFUSAL);
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Retry-After': '86400',
  };
  response.writeHead(429, headers).end(body);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
