import { createHistogram } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Load, LoadResult } from './load.ts';

/** Enough connections that no request in a fixed-rate load has to wait for one. */
const PACED_CONNECTIONS = 64;
const WARM_UP_SECONDS = 1;

/**
 * Generates load on a server, in a separate process from the one that is measured. It reads a `Load` from stdin and
 * writes the result to stdout.
 */
async function main(): Promise<void> {
  const load = JSON.parse(await text(process.stdin)) as Load;
  process.stdout.write(JSON.stringify(await generate(load)));
}

/** Sends the load, warms up before, and returns what was measured. */
async function generate(load: Load): Promise<LoadResult> {
  const generator = new Generator(load);
  // A new process is still compiling its own code, so discard the delays from this phase.
  await generator.run(WARM_UP_SECONDS);
  const warmUp = generator.answered;
  generator.forgetTimes();
  const began = performance.now();
  const lateMs = await generator.run(load.seconds);
  const took = (performance.now() - began) / 1000;
  await generator.close();
  const { answered, statuses } = generator;
  return { answered, perSecond: (answered - warmUp) / took, statuses, ms: generator.ms, lateMs };
}

class Generator {
  readonly statuses: Record<string, number> = {};
  readonly #load: Load;
  readonly #pool: Pool;
  readonly #headers: Record<string, string>;
  readonly #body: string | undefined;
  /** Response times in microseconds. */
  #times = createHistogram();
  #sent = 0;

  constructor(load: Load) {
    const { url, shot, pace } = load;
    const connections = 'connections' in pace ? pace.connections : PACED_CONNECTIONS;
    this.#load = load;
    this.#pool = new Pool(url, { connections, pipelining: 1 });
    this.#body = shot.body === undefined ? undefined : JSON.stringify(shot.body);
    this.#headers = { ...(this.#body !== undefined && { 'content-type': 'application/json' }), ...shot.headers };
  }

  /** Number of requests that have ended. */
  get answered(): number {
    return Object.values(this.statuses).reduce((sum, count) => sum + count, 0);
  }

  /** Response times in milliseconds. */
  get ms(): LoadResult['ms'] {
    const ms = (percentile: number) => this.#times.percentile(percentile) / 1000;
    return { p50: ms(50), p99: ms(99), max: ms(100) };
  }

  forgetTimes(): void {
    this.#times = createHistogram();
  }

  /** Sends requests for some seconds. Returns by how much 99% of them were late at most, in milliseconds. */
  run(seconds: number): Promise<number> {
    const { pace } = this.#load;
    return 'connections' in pace ? this.#keepBusy(pace.connections, seconds) : this.#keepPace(pace.perSecond, seconds);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #keepBusy(width: number, seconds: number): Promise<number> {
    const endsAt = performance.now() + seconds * 1000;
    const worker = async () => {
      while (performance.now() < endsAt) await this.#send();
    };
    await Promise.all(Array.from({ length: width }, worker));
    return 0;
  }

  async #keepPace(perSecond: number, seconds: number): Promise<number> {
    const under: Promise<void>[] = [];
    const late = createHistogram();
    const firstDue = performance.now();
    for (let beat = 0; beat < perSecond * seconds; beat += 1) {
      const due = firstDue + (beat * 1000) / perSecond;
      // A timer may fire slightly early. Wait for the rest by yielding to the event loop repeatedly.
      const early = due - performance.now() - 1;
      if (early > 0) await pause(early);
      while (performance.now() < due) await nextTurn();
      late.record(Math.max(1, Math.round((performance.now() - due) * 1000)));
      under.push(this.#send());
    }
    await Promise.all(under);
    return late.percentile(99) / 1000;
  }

  async #send(): Promise<void> {
    this.#sent += 1;
    const { shot } = this.#load;
    const unique = `${process.pid}-${this.#sent}`;
    const began = performance.now();
    const status = await this.#pool
      .request({
        path: shot.path.replaceAll('${unique}', unique),
        method: shot.method,
        headers: this.#headers,
        ...(this.#body !== undefined && { body: this.#body.replaceAll('${unique}', unique) }),
      })
      .then(async (response) => {
        await response.body.dump();
        return String(response.statusCode);
      })
      .catch(() => 'error');
    this.#times.record(Math.max(1, Math.round((performance.now() - began) * 1000)));
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }
}

await main();
