import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../harness/base/median.ts';
import type { Finding } from '../../harness/verdict/finding.ts';
import { completionLoad, FAKES } from './load.ts';
import { ProbedProcess } from './probed-process.ts';
import { putUnderLoad } from './put-under-load.ts';

/**
 * The promised minimum for each source: its request rate as a fraction of the rate for completions from Groq's fake.
 */
const LEAST_RATIOS = { openapi: 0.7, handlers: 0.12, forward: 0.15 };
const CONNECTIONS = 16;

const upstreamsWith = (forward: string) => ({
  groq: { kind: 'groq' },
  openapi: { openapi: join(import.meta.dirname, 'payments.json') },
  handlers: { handlers: join(import.meta.dirname, 'payments.ts') },
  forward: { forward },
});

type Name = keyof ReturnType<typeof upstreamsWith>;

/**
 * Compares three kinds of upstreams (an OpenAPI document, a team's MSW handlers and a real server) with completions
 * from Groq's fake, in alternating rounds. The handlers and the real server run in separate processes that also need
 * CPU time.
 */
export async function compareSources({ rounds, seconds }: { rounds: number; seconds: number }): Promise<Finding[]> {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'proofload-bench-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const file = join(folder, 'upstreams.json');
  const target = cleanup.use(ProbedProcess.start('echo-server.ts', { args: ['plain'] }));
  await writeFile(file, JSON.stringify(upstreamsWith((await target.ready<{ url: string }>()).url)));
  const fakes = cleanup.use(ProbedProcess.start(FAKES, { args: ['--upstreams', file] }));
  const { upstreams, ca } = await fakes.ready<{ upstreams: Record<Name, string>; ca: string }>();
  const charge = (name: Name) => ({
    url: `${upstreams[name]}/v1/charges`,
    ca,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ amount: 5 }),
  });
  const loads = {
    groq: completionLoad(upstreams.groq, ca),
    openapi: charge('openapi'),
    handlers: charge('handlers'),
    forward: charge('forward'),
  };
  const rates: Record<Name, number[]> = { groq: [], openapi: [], handlers: [], forward: [] };
  let failed = 0;
  // Round 0 is the warm-up, in which V8 compiles the code.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of Object.keys(loads) as Name[]) {
      const load = { ...loads[name], connections: CONNECTIONS, warmUpSeconds: 0.3, seconds };
      const done = await putUnderLoad(load, [fakes]);
      failed += done.failed;
      if (round > 0) rates[name].push(done.rate);
    }
  }
  const base = median(rates.groq);
  return (['openapi', 'handlers', 'forward'] as const).map((name) => {
    const rate = median(rates[name]);
    const ratio = rate / base;
    return {
      check: `throughput of ${name}`,
      expected: `≥ ${LEAST_RATIOS[name]} of the requests per second of Groq's fake`,
      observed: `${ratio.toFixed(2)}: ${rate.toFixed(0)}/s; groq: ${base.toFixed(0)}/s`,
      verdict: failed > 0 ? 'INCONCLUSIVE' : ratio >= LEAST_RATIOS[name] ? 'PASS' : 'FAIL',
      evidence: [
        `medians of ${rounds} alternating rounds of ${seconds} s, ${CONNECTIONS} connections`,
        ...(failed > 0 ? [`${failed} requests failed`] : []),
      ],
    };
  });
}
