import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

/** The load to generate; the only argument of this program, as JSON. */
export interface Load {
  /** The URL to request: origin and path. */
  readonly url: string;
  /** The file with the CA certificate, for https. */
  readonly ca?: string;
  readonly headers: Record<string, string>;
  /** The body of every request (POST). "${n}" is replaced with the request's number. */
  readonly body: string;
  /** The number of kept-alive connections, each with one request at a time. */
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** The result within the measured time. */
export interface LoadResult {
  readonly answered: number;
  /** Requests with a status other than 2xx, or without a response. */
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
