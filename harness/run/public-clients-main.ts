/**
 * Runs a scenario in the network namespace in which this process was started: see `runWithPublicClients`. Reads a job
 * from its standard input, and ends when that is closed.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { messageOf } from '../base/errors.ts';
import { printError } from '../base/print.ts';
import { seenFromOutside } from '../contract/seen-from-outside.ts';
import { findEngine } from '../engine/engine.ts';
import { startLab } from '../lab/lab.ts';
import { loadProject } from '../project/load-project.ts';
import type { PublicJob } from './public-clients.ts';
import { runScenario } from './run-scenario.ts';
import { loadScenario } from './scenario.ts';

async function main(): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort('the run was ended');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  const lines = createInterface({ input: process.stdin });
  const [line] = await once(lines, 'line', { signal: over.signal });
  lines.once('close', end);
  const job = JSON.parse(line) as PublicJob;
  const contract = seenFromOutside(await loadProject(job.contract, job));
  const scenario = await loadScenario(job.scenario, contract, job.profile);
  if ('skipped' in scenario) throw new Error(scenario.skipped);
  // Containers are outside of the namespace.
  await using lab = await startLab({ ...job, postgres: 'embedded', contract });
  const engine = await findEngine(job.engine);
  const own = { scenario, contract, lab, engine, signal: over.signal, watcher: { see() {}, ended() {} } };
  await runScenario({ ...job, ...own, publicClients: true });
}

await main().catch((error) => {
  printError(messageOf(error));
  process.exitCode = 1;
});
process.stdin.destroy();
