import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { bearer } from '../../faults/control/guard.ts';
import { median } from '../../harness/base/median.ts';
import type { Finding } from '../../harness/verdict/finding.ts';
import { completionLoad, type FakesReady } from './load.ts';
import type { Usage } from './probe.ts';
import { ProbedProcess } from './probed-process.ts';

const STAGES = 10;
const WORKERS = 32;
/** Client timeout in milliseconds, after which a hanging request is aborted. */
const PATIENCE_MS = 250;
const MOST_HEAP_GROWTH = 2e6;
const MOST_RSS_GROWTH = 40e6;

/** All faults that affect single requests. Faults that add no delay occur more often. */
const FAULT = {
  kind: 'mix',
  rate: 0.7,
  of: [
    { kind: 'status', status: 503, weight: 20 },
    { kind: 'html-page', weight: 5 },
    { kind: 'error-in-body', weight: 5 },
    { kind: 'error-in-stream', weight: 5 },
    { kind: 'malformed-json', weight: 5 },
    { kind: 'partial-json', weight: 5 },
    { kind: 'latency', milliseconds: 5, weight: 10 },
    { kind: 'slow-first-token', milliseconds: 5, weight: 3 },
    { kind: 'split-chunks', mostBytes: 50, weight: 3 },
    { kind: 'hang', weight: 1 },
    { kind: 'stall', bytes: 20, weight: 1 },
    { kind: 'reset', weight: 5 },
    { kind: 'reset-in-headers', weight: 3 },
    { kind: 'reset-in-body', weight: 3 },
    { kind: 'half-close', weight: 1 },
    { kind: 'cut', bytes: 20, weight: 5 },
    { kind: 'cut-stream', events: 2, weight: 5 },
    { kind: 'missing-done', weight: 5 },
  ],
};

/**
 * Sends non-streaming and streaming requests through a faulty fake in ten stages, and measures the fake's resources
 * after each stage.
 */
export async function soak({ requests }: { requests: number }): Promise<Finding[]> {
  await using fakes = ProbedProcess.start('soak-fakes.ts');
  const ready = await fakes.ready<FakesReady>();
  await control(ready, 'POST', '/upstreams/groq/faults', FAULT);
  const usages: Usage[] = [await fakes.usage({ collected: true })];
  for (let stage = 0; stage < STAGES; stage++) {
    await reach(ready, (requests / STAGES) * (stage + 1));
    await swapCertificates(ready);
    await untilNoneOpen(ready);
    usages.push(await fakes.usage({ collected: true }));
  }
  const { faults } = await control(ready, 'GET', '/upstreams/groq/faults');
  const count = await control(ready, 'GET', '/receipts/count');
  return judgeSoak(usages, { wanted: requests, count, fault: faults[0] });
}

/** Sends requests until enough have arrived. A request that times out early on the client may leave no receipt. */
async function reach(ready: FakesReady, requests: number): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const arrived = (await control(ready, 'GET', '/receipts/count')).requests;
    if (arrived >= requests) return;
    await sendMany(ready, requests - arrived);
  }
}

/** Sends requests over many connections. Any outcome is acceptable, as long as every request finishes. */
async function sendMany({ upstreams, ca }: FakesReady, requests: number): Promise<void> {
  const { headers, body } = completionLoad(upstreams.groq, ca);
  const streamed = body.replace('{', '{"stream":true,');
  const pool = new Pool(upstreams.groq, { connections: WORKERS, connect: { ca: readFileSync(ca, 'utf8') } });
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < requests) {
      const text = sent++ % 2 === 0 ? body : streamed;
      const signal = AbortSignal.timeout(PATIENCE_MS);
      try {
        const path = '/openai/v1/chat/completions';
        const answer = await pool.request({ method: 'POST', path, headers, body: text, signal });
        await answer.body.text();
      } catch {
        // Expected: the faults make requests fail.
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  await pool.destroy();
}

async function swapCertificates(ready: FakesReady): Promise<void> {
  for (const kind of ['expired', 'self-signed', 'trusted']) {
    await control(ready, 'PUT', '/upstreams/groq/certificate', { kind });
    await sendMany(ready, WORKERS);
  }
}

async function untilNoneOpen(ready: FakesReady): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await control(ready, 'GET', '/receipts/count')).open > 0 && Date.now() < deadline);
}

// biome-ignore lint/suspicious/noExplicitAny: each caller knows the type of its response
async function control(ready: FakesReady, method: string, path: string, body?: object): Promise<any> {
  // A keep-alive connection would count as leaked.
  const headers = { 'content-type': 'application/json', connection: 'close', ...bearer(ready.token) };
  const response = await fetch(ready.control + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`the fakes refused ${method} ${path}: ${await response.text()}`);
  return response.json();
}

interface Measured {
  readonly wanted: number;
  readonly count: { readonly requests: number; readonly open: number };
  readonly fault: { readonly seen: number; readonly disrupted: number };
}

/**
 * Judges a process's resource usage at the start and after each stage. The first two stages are the warm-up. The three
 * stages after that are compared with the last three.
 */
export function judgeSoak(usages: readonly Usage[], { wanted, count, fault }: Measured): Finding[] {
  const warm = usages.slice(2, 5);
  const last = usages.slice(-3);
  const growth = (of: 'heapBytes' | 'rssBytes'): number =>
    median(last.map((usage) => usage[of])) - median(warm.map((usage) => usage[of]));
  const [heap, rss] = [growth('heapBytes'), growth('rssBytes')];
  const [first, end] = [usages[0], usages.at(-1)] as [Usage, Usage];
  const files = end.files === null || first.files === null ? 0 : end.files - first.files;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const stages = (of: 'heapBytes' | 'rssBytes') => usages.map((usage) => (usage[of] / 1e6).toFixed(1)).join(', ');
  const isSoaked = count.requests >= wanted && fault.disrupted >= wanted / 2;
  const verdict = (holds: boolean) => (!holds ? 'FAIL' : isSoaked ? 'PASS' : 'INCONCLUSIVE');
  return [
    {
      check: 'soak: memory',
      expected: `after ${wanted} requests at most ${megabytes(MOST_HEAP_GROWTH)} more heap, ${megabytes(MOST_RSS_GROWTH)} more in all`,
      observed: `${megabytes(heap)} heap, ${megabytes(rss)} in all, over ${count.requests} receipts, ${fault.disrupted} requests disrupted`,
      verdict: verdict(heap <= MOST_HEAP_GROWTH && rss <= MOST_RSS_GROWTH),
      evidence: [`heap by stage, in MB: ${stages('heapBytes')}`, `resident: ${stages('rssBytes')}`],
    },
    {
      check: 'soak: sockets',
      expected: 'no socket, no file and no receipt is left open',
      observed: `${end.sockets} sockets, ${files} files more than at the start, ${count.open} receipts open`,
      verdict: verdict(end.sockets === 0 && files <= 0 && count.open === 0),
    },
    {
      check: 'soak: counts',
      expected: `exactly ${FAULT.rate} of the requests are disrupted`,
      observed: `${fault.disrupted} of ${fault.seen}`,
      // If the product ends in .5, the lower count is correct.
      verdict: verdict(fault.seen === count.requests && fault.disrupted === Math.ceil(FAULT.rate * fault.seen - 0.5)),
    },
  ];
}
