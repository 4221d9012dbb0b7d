import { resolve } from 'node:path';
import { ProofloadError } from '../base/errors.ts';
import { type Bundle, bundleScript } from './bundle-script.ts';
import { ITERATION, TOTALS_FILE, VU } from './names.ts';

/** Exports that k6 calls itself. They are not iterations. */
const NOT_ITERATIONS = new Set(['options', 'setup', 'teardown']);

/**
 * Rejects scenarios of proofload, which export a proof. It isn't evaluated, because a scenario needs a lab for this.
 *
 * @throws ProofloadError NOT_DISTRIBUTABLE
 */
export async function assertNoScenario(path: string): Promise<void> {
  const { exports } = await bundleScript(path);
  if (!exports.includes('proof')) return;
  throw new ProofloadError(
    'NOT_DISTRIBUTABLE',
    `${path} is a scenario of proofload, and only k6 scripts can be distributed: the checks of a scenario need the history of its lab`,
  );
}

/**
 * Bundles a script so that a loss of samples can be seen: each VU numbers its iterations, and k6 writes its own totals
 * of all samples when it has finished (see `Totals`). The script's own `handleSummary()` is not called.
 *
 * @param run The run's id.
 * @param exports The names of the script's exports. Those of a CommonJS module are known only when it has run.
 * @throws ProofloadError NOT_DISTRIBUTABLE as `bundleScript`
 */
export const recordingScript = (path: string, run: string, exports: readonly string[]): Promise<Bundle> =>
  bundleScript(path, recordingEntry(resolve(path), run, exports));

function recordingEntry(path: string, run: string, exports: readonly string[]): string {
  const own = exports.filter((name) => name !== 'handleSummary');
  const from = JSON.stringify(path);
  return `
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';
import * as script from ${from};

// The default import of a CommonJS module is the whole module.
const main = typeof script.default === 'function' ? script.default : script.default?.default;
const iterations = new Trend('${ITERATION}');
let started = 0;

function numbered(run) {
  if (typeof run !== 'function') return run;
  return (data) => {
    started += 1;
    iterations.add(started, { ${VU}: String(exec.vu.idInTest) });
    return run(data);
  };
}
${own
  .map((name, index) =>
    NOT_ITERATIONS.has(name)
      ? `export { ${name} } from ${from};`
      : `const recorded${index} = numbered(${name === 'default' ? 'main' : `script.${name}`});\nexport { recorded${index} as ${name} };`,
  )
  .join('\n')}

export function handleSummary({ metrics }) {
  const totals = JSON.stringify({ type: 'Totals', run: '${run}', metrics });
  return { [__ENV.${TOTALS_FILE} || 'stdout']: totals + '\\n' };
}
`;
}
