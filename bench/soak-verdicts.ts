import { join, resolve } from 'node:path';
import { EXIT, messageOf, withOutput } from '../harness/base/errors.ts';
import { interruption } from '../harness/commands/interruption.ts';
import { USUAL_SUITES } from '../harness/contract/scenario-scripts.ts';
import { Reaper } from '../harness/process/reaper.ts';
import { describeEnvironment } from '../harness/report/environment.ts';
import { runSuites } from '../test/support/run-suites.ts';
import { chosenServices, type Service, words } from '../test/support/services.ts';
import { wholeNumber } from '../test/support/usage.ts';
import { startBusyLoops } from './lib/busy-loops.ts';
import { nextOf, pruneRun, readKept } from './soak-verdicts/kept-runs.ts';
import { summarizeTally, tallyOf, tallyTable } from './soak-verdicts/tally.ts';

/**
 * Implements `make soak-verdicts`, which measures how often suites give a wrong or no verdict on services that keep
 * their promises. Services take turns, and whole suites are run until there are RUNS runs of single scenarios. Each
 * result is kept, and the next call continues from there.
 */
async function main(): Promise<number> {
  const wanted = wholeNumber('RUNS', 300);
  const loops = wholeNumber('LOOPS', 0);
  const scenarios = words('SCENARIO') ?? USUAL_SUITES;
  const services = chosenServices(words('SERVICE'));
  const [name, beside] = [scenarios.join('+').replaceAll(/[^\w+-]/g, '-'), loops === 0 ? 'quiet' : `${loops}-loops`];
  const folder = join(resolve(process.env.RESULTS || 'results'), 'soak-verdicts', name, beside);
  const { commit } = await describeEnvironment();
  const signal = interruption(console.error);
  let { kept, others } = await readKept(folder, commit);
  if (kept.length > 0) console.log(`goes on after ${kept.length} suites in ${folder}`);
  if (others > 0) console.log(`${others} suites don't count: of other commits, or interrupted`);
  await using reaper = new Reaper();
  await using _ = await startBusyLoops(loops, reaper);
  const tally = () =>
    tallyOf(
      kept.map(({ result }) => result),
      loops,
    );
  while (tally().runs < wanted && !signal.aborted) {
    const service = nextOf(services, kept) as Service;
    const run = await runSuites(service, {
      command: 'run',
      scenarios,
      results: join(folder, service.name),
      signal,
      reaper,
    });
    if (!run) break;
    await pruneRun(run);
    ({ kept } = await readKept(folder, commit));
    const { seconds } = run.result;
    console.log(`${service.name}, ${seconds.toFixed(0)} s: ${summarizeTally(tallyOf([run.result], loops))}`);
  }
  console.log(tallyTable(kept));
  console.log(`${beside}: ${summarizeTally(tally())}; kept in ${folder}`);
  if (tally().FAIL > 0) return EXIT.fail;
  if (tally().runs >= wanted) return tally().held ? EXIT.pass : EXIT.fail;
  console.log(`there are fewer than RUNS=${wanted}; the same command goes on`);
  return EXIT.inconclusive;
}

process.exitCode = await main().catch((error) => {
  console.error(withOutput(messageOf(error), error.output ?? []));
  return EXIT.labFailed;
});
