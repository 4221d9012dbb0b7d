import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../harness/base/median.ts';
import type { Finding } from '../../harness/verdict/finding.ts';
import { completionLoad, FAKES } from './load.ts';
import { ProbedProcess } from './probed-process.ts';
import { putUnderLoad } from './put-under-load.ts';

/** The promised minimum of each source: its rate relative to that of completions from Groq's fake. */
const LEAST_RATIOS = { openapi: 0.7, handlers: 0.12 };
const CONNECTIONS = 16;

const UPSTREAMS = {
  groq: { kind: 'groq' },
  openapi: { openapi: join(import.meta.dirname, 'payments.json') },
  handlers: { handlers: join(import.meta.dirname, 'payments.ts') },
};

type Name = keyof typeof UPSTREAMS;

/**
 * Compares responses from an OpenAPI document and from a team's MSW handlers with completions from Groq's fake, in
 * alternating rounds. Handlers run in a second process, which also needs CPU time.
 */
export async function compareSources({ rounds, seconds }: { rounds: number; seconds: number }): Promise<Finding[]> {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'proofload-bench-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const file = join(folder, 'upstreams.json');
  await writeFile(file, JSON.stringify(UPSTREAMS));
  const fakes = cleanup.use(ProbedProcess.start(FAKES, { args: ['--upstreams', file] }));
  const { upstreams, ca } = await fakes.ready<{ upstreams: Record<Name, string>; ca: string }>();
  const charge = (name: Name) => ({
    url: `${upstreams[name]}/v1/charges`,
    ca,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ amount: 5 }),
  });
  const loads = { groq: completionLoad(upstreams.groq, ca), openapi: charge('openapi'), handlers: charge('handlers') };
  const rates: Record<Name, number[]> = { groq: [], openapi: [], handlers: [] };
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
  return (['openapi', 'handlers'] as const).map((name) => {
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
