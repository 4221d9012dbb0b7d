import type { Crew } from './crew.ts';
import { runScenario } from './run-scenario.ts';
import { sampleEventLoop } from './sample-event-loop.ts';
import type { Test } from './test.ts';
import { VuPool } from './vu-pool.ts';
import { vusNeeded } from './vus-needed.ts';
import { warmUp } from './warm-up.ts';

/** VUs that all run in this thread. */
export function createLocalCrew(test: Test): Crew {
  const pool = new VuPool(test);
  return {
    async prepare() {
      const { scenarios } = test.options;
      await pool.add(vusNeeded(scenarios));
      const isByTheClock = scenarios.some(({ config }) => config.executor.endsWith('arrival-rate'));
      if (isByTheClock) await warmUp(test.script);
    },
    async run(setupData) {
      pool.distribute(setupData);
      const stopSampling = sampleEventLoop(test);
      await Promise.all(test.options.scenarios.map((plan) => runScenario(plan, test, pool))).finally(stopSampling);
    },
    async close() {
      pool.close();
    },
  };
}
