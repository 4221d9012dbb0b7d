import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { silentLogger } from '../base/logger.ts';
import { carriedBy, carry, type Steps } from '../blocking/carried.ts';
import { createAlarm } from '../executors/alarm.ts';
import { runArrivals } from '../executors/arrival-rate.ts';
import { constantTimes } from '../executors/arrival-times.ts';
import { repeat } from '../executors/repeat.ts';
import { ScenarioRun } from '../executors/scenario-run.ts';
import { Share } from '../executors/share.ts';
import type { Stage } from '../executors/stage.ts';
import { createHttpModule } from '../modules/http.ts';
import { Test } from '../vu/test.ts';
import { Vu } from '../vu/vu.ts';
import { VuWorker } from './vu-worker.ts';

const VUS = 10;
const ITERATIONS = 400;
/** Reconnect after this many requests, because a schedule's first iterations run on VUs that have to connect first. */
const PER_CONNECTION = 4;
/** A short schedule, which also gets the code that runs from timers compiled: 5 iterations per millisecond. */
const SCHEDULE = { times: () => constantTimes(5, 1, 200), duration: 200, isSteady: false };

const CONFIG = { name: 'warm-up', executor: '', startTime: 0, gracefulStop: 0, exec: 'get', env: {}, tags: {} };

const PARAMS = { headers: { Accept: '*/*' }, tags: { is: 'warm-up' } };

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"ok"}';

/**
 * Sends requests to a temporary local server and collects the garbage of the init stage. Code is many times slower
 * until V8 has compiled it. Without the warm-up, a schedule of thousands of iterations per second would start with a
 * pause and drop the iterations due during it.
 */
export async function warmUp(script: URL): Promise<void> {
  await using server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', () => socket.write(ANSWER)).on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const test = new Test({ script, logger: silentLogger });
  const workers = Array.from({ length: VUS }, (_, id) => workerFor(test, id + 1, url));
  await Promise.all(
    workers.map(async (worker) => {
      let left = ITERATIONS;
      await repeat(worker, () => {
        left -= 1;
        if (left % PER_CONNECTION === 0) worker.vu.connections.close();
        return left > 0;
      });
    }),
  );
  const config = { ...CONFIG, preAllocatedVUs: VUS, maxVUs: VUS };
  await runArrivals(config, SCHEDULE, Share.WHOLE, stageOf([...workers]));
  for (const { vu } of workers) vu.connections.close();
  collectGarbage();
}

const stageOf = (workers: VuWorker[]): Stage => ({
  signal: new AbortController().signal,
  take: async () => workers.pop() as VuWorker,
  grow: async () => null,
  give: () => {},
  activate: () => {},
  alarm: createAlarm,
  drop: () => {},
  warnOfShortage: () => {},
  progress: () => {},
});

function workerFor(test: Test, id: number, url: string): VuWorker {
  const vu = new Vu(test, id);
  const { get } = createHttpModule(vu) as { get: unknown };
  const begin = () => carriedBy(get)?.begin(undefined, [url, PARAMS]) as Steps;
  vu.exports = { get: carry(() => {}, { begin }) };
  return new VuWorker(vu, new ScenarioRun({ config: CONFIG, share: Share.WHOLE }));
}

/** Triggers a garbage collection without requiring a flag on Node's command line. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
