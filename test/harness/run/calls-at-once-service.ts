/**
 * A service that works on WORKERS calls at once, and lets LOCK of them at its upstream. 0 is any number. Other requests
 * take DELAY milliseconds.
 */

import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';

const { PORT, UPSTREAM = '', WORKERS, LOCK, DELAY } = process.env;

/** Runs at most n actions at once. */
function atMost(n: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (act: () => Promise<void>) => {
    if (n > 0 && running >= n) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    await act().finally(() => {
      running -= 1;
      waiting.shift()?.();
    });
  };
}

const work = atMost(Number(WORKERS));
const lock = atMost(Number(LOCK));
const body = JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'hello' }] });
const headers = { 'content-type': 'application/json', authorization: 'Bearer any' };
const ask = async () => {
  const response = await fetch(`${UPSTREAM}/v1/chat/completions`, { method: 'POST', headers, body });
  await response.text();
};

createServer((request, response) => {
  const answer = async () => {
    await (request.url === '/ask' ? lock(ask) : setTimeout(Number(DELAY)));
    response.writeHead(request.url === '/ask' || request.url === '/health' ? 200 : 404).end();
  };
  void work(answer);
}).listen(Number(PORT), '127.0.0.1');
