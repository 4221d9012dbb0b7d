import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

/** The load to generate. The program receives it as JSON in its only argument. */
export interface Load {
  /** The URL to request, without a query. */
  readonly url: string;
  /** The CA certificate file, for https. */
  readonly ca?: string;
  readonly headers: Record<string, string>;
  /** The body of every POST request. "${n}" is replaced with the number of the request. */
  readonly body: string;
  /** The number of keep-alive connections. Each sends one request at a time. */
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What was measured after the warm-up. */
export interface LoadResult {
  readonly answered: number;
  /** Number of requests without a response or with a status other than 2xx. */
  readonly failed: number;
  readonly seconds: number;
}

const load: Load = JSON.parse(process.argv[2] ?? '');
const { origin, pathname } = new URL(load.url);
const pool = new Pool(origin, {
  connections: load.connections,
  ...(load.ca === undefined ? {} : { connect: { ca: readFileSync(load.ca, 'utf8') } }),
});
let [number, answered, failed, isOver] = [0, 0, 0, false];

async function askOnAndOn(): Promise<void> {
  while (!isOver) {
    try {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: pathname,
        headers: load.headers,
        body: load.body.replace('${n}', String(number++)),
      });
      await body.dump();
      if (statusCode < 300) answered++;
      else failed++;
    } catch {
      failed++;
    }
  }
}

const connections = Array.from({ length: load.connections }, askOnAndOn);
await sleep(load.warmUpSeconds * 1000);
process.send?.('warm');
const [began, answeredBefore, failedBefore] = [performance.now(), answered, failed];
await sleep(load.seconds * 1000);
const result: LoadResult = {
  answered: answered - answeredBefore,
  failed: failed - failedBefore,
  seconds: (performance.now() - began) / 1000,
};
process.send?.(result);
isOver = true;
await Promise.all(connections);
await pool.close();
