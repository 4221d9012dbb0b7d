import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newToken } from '../../faults/base/token.ts';
import type { FaultKind } from '../../faults/kinds/lib/fault.ts';
import { listen } from '../base/listen.ts';
import { type Contract, numbersOf } from '../contract/contract.ts';
import { findScenarios } from '../contract/scenario-names.ts';
import { suites } from '../contract/scenario-scripts.ts';
import { seenFromOutside } from '../contract/seen-from-outside.ts';
import { DATABASE } from '../contract/uses-postgres.ts';
import { databaseFaults } from '../lab/database-faults/index.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { loadProject } from '../project/load-project.ts';
import { prepareResults, readRun } from '../report/run-folder.ts';
import { run } from '../run/run.ts';
import type { RunOptions } from '../run/run-options.ts';
import { loadScenario } from '../run/scenario.ts';
import { labApp } from './app.ts';
import { Broadcast } from './broadcast.ts';
import type { ListedScenario } from './listed-scenario.ts';
import { renderLab } from './page.ts';
import { Workbench } from './workbench.ts';

export interface OpenLabOptions
  extends Pick<RunOptions, 'contract' | 'command' | 'allowHost' | 'profile' | 'postgres' | 'seed' | 'results'> {
  /** Returns the options for running a scenario. */
  runOptions: (scenario: string) => Omit<RunOptions, 'reporter' | 'signal'>;
}

/**
 * Starts a lab with a page on loopback. Disposing of it heals all faults and stops all processes.
 *
 * @returns The page's URL. It contains the token, so it can't be guessed.
 * @throws ProofloadError for incorrect usage, an invalid contract, or a lab or service that does not start
 */
export async function openLab(options: OpenLabOptions): Promise<{ url: string } & AsyncDisposable> {
  const { profile, seed, results } = options;
  const promised = await loadProject(options.contract, options);
  const contract = seenFromOutside(promised);
  const numbers = numbersOf(contract, profile);
  const scenarios = await listed(promised, profile);
  await prepareResults(results);
  const folder = join(results, 'lab');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });

  await using resources = new AsyncDisposableStack();
  const { postgres } = options;
  const lab = resources.use(await startLab({ postgres, contract, profile }));
  const workbench = resources.use(
    await Workbench.open({
      lab,
      contract,
      numbers,
      folder,
      seed,
      async run(name, watched) {
        const runOptions = options.runOptions(name);
        await run({ ...runOptions, ...watched, labs: [lab] });
        return readRun(results, runOptions.name);
      },
    }),
  );
  const broadcast = resources.use(new Broadcast(workbench));
  const targets = targetsOf(lab);
  const page = await renderLab({
    contract,
    profile,
    postgres: lab.postgres?.description ?? 'no PostgreSQL',
    targets,
    scenarios,
  });
  const token = newToken();
  const server = resources.use(await listen(labApp({ workbench, broadcast, scenarios, page, token })));
  const all = resources.move();
  return { url: `${server.url}/${token}/`, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Returns the scenarios that the page lists. */
async function listed(contract: Contract, profile: string): Promise<ListedScenario[]> {
  const names = await findScenarios(suites(), Object.keys(contract.breakers));
  const loaded = await Promise.all(names.map((name) => loadScenario(name, contract, profile)));
  return loaded.map((scenario) => ({
    name: scenario.name,
    about: 'proof' in scenario ? scenario.proof.about : '',
    ...('skipped' in scenario && { skipped: scenario.skipped }),
  }));
}

/** Returns the fault kinds for each upstream and the database. */
function targetsOf({ fakes, postgres }: Lab): Record<string, FaultKind<never>[]> {
  const upstreams = [...fakes.kinds].map(([name, kinds]) => [name, [...kinds.values()]]);
  const database = postgres && [DATABASE, [...databaseFaults(postgres.server !== undefined).values()]];
  return Object.fromEntries([...upstreams, ...(database ? [database] : [])]);
}
