import { type Alarm, createAlarm } from '../executors/alarm.ts';
import type { Plan } from '../executors/plan.ts';
import type { Test } from '../vu/test.ts';
import type { Crew } from './crew.ts';
import { runScenario } from './run-scenario.ts';
import { sampleEventLoop } from './sample-event-loop.ts';
import { VuPool } from './vu-pool.ts';
import { warmUp } from './warm-up.ts';

/** Creates a crew that runs all VUs in the current thread. */
export function createLocalCrew(test: Test): Crew {
  const pool = new VuPool(test);
  /** Alarms created in advance, because waiting for one would delay the start of a schedule. */
  const alarms: Alarm[] = [];
  const takeAlarm = async () => alarms.pop() ?? createAlarm();
  return {
    async prepare() {
      const { scenarios } = test.options;
      await pool.accounts.fill(test.state.signal);
      const byTheClock = scenarios.filter(({ config }) => config.executor.endsWith('arrival-rate'));
      if (byTheClock.length === 0) return;
      alarms.push(...(await Promise.all(byTheClock.map(createAlarm))));
      await warmUp(test.script);
    },
    async run(setupData) {
      pool.distribute(setupData);
      const stopSampling = sampleEventLoop(test);
      const run = async (plan: Plan) => {
        await runScenario(plan, test, pool, takeAlarm);
        const counts = test.scenarioCounts.get(plan.config.name);
        counts?.set('endedAt', test.elapsed);
        counts?.add('ended', 1);
      };
      await Promise.all(test.options.scenarios.map(run)).finally(stopSampling);
    },
    async close() {
      for (const alarm of alarms) alarm.stop();
      pool.close();
    },
  };
}
