import { pathToFileURL } from 'node:url';
import { silentLogger } from '../../../engine/base/logger.ts';
import { evaluateScript } from '../../../engine/script/evaluate-script.ts';
import { describeError } from '../../../engine/vu/describe-error.ts';
import type { Outcome } from '../../../engine/vu/event-loop.ts';
import { Test } from '../../../engine/vu/test.ts';
import { Vu } from '../../../engine/vu/vu.ts';
import type { Contract } from '../../../harness/contract/contract.ts';
import { settingsAhead } from '../../../harness/contract/credentials.ts';
import { scriptContext } from '../../../harness/contract/script-context.ts';
import type { Scenario } from '../../../harness/run/scenario.ts';
import type { startStandIn } from './stand-in.ts';

/** How much later it is after each request, in milliseconds, so that loops which only call come to their end. */
const REQUEST_MS = 200;

const realNow = Date.now;
let ahead = 0;

/**
 * Runs the functions of a scenario's script from start to end, each once, against a stand-in for the lab and the
 * service. Its waits take no time: the clock goes ahead instead. Returns the first exception, or undefined.
 */
export async function rehearse(
  { script, numbers, breaker }: Scenario,
  contract: Contract,
  standIn: Awaited<ReturnType<typeof startStandIn>>,
): Promise<string | undefined> {
  const { url } = standIn;
  const addresses = { services: Array(3).fill(url), lab: { url: `${url}/lab`, token: '' }, clientPrefix: '' };
  const context = scriptContext(contract, numbers, addresses, settingsAhead(contract, numbers), breaker);
  const env = { PROOFLOAD: JSON.stringify({ ...context, tracePrefix: '0'.repeat(16) }) };
  const vu = new Vu(new Test({ script: pathToFileURL(script.path), logger: silentLogger, env }), 1);
  const { setTimeout: startTimer } = vu.timers;
  Object.assign(vu.timers, {
    setTimeout(callback: () => void, ms = 0) {
      const begun = now();
      // Timers end in the order of their times, as far as it matters to a script.
      return startTimer(
        () => {
          ahead += Math.max(0, begun + ms - now());
          callback();
        },
        Math.min(ms / 1_000, 5),
      );
    },
  });
  const now = () => realNow() + ahead + standIn.seen * REQUEST_MS;
  Date.now = now;
  try {
    const exports = await evaluateScript(vu);
    const { scenarios } = exports.options as { scenarios: Record<string, { exec?: string }> };
    vu.phase = 'iteration';
    for (const [name, { exec = 'default' }] of Object.entries(scenarios)) {
      vu.scenario = { config: { name } } as unknown as typeof vu.scenario;
      const outcome = await new Promise<Outcome>((resolve) => vu.run(exports[exec], [], resolve));
      if (outcome.kind === 'threw') return describeError(outcome.error, outcome.inPromise);
    }
    return undefined;
  } finally {
    Date.now = realNow;
  }
}
