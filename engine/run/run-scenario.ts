import { setTimeout } from 'node:timers/promises';
import type { Alarm } from '../executors/alarm.ts';
import type { Plan } from '../executors/plan.ts';
import { ScenarioRun } from '../executors/scenario-run.ts';
import type { Stage } from '../executors/stage.ts';
import type { Test } from '../vu/test.ts';
import type { VuPool } from './vu-pool.ts';
import { VuWorker } from './vu-worker.ts';

/** Waits until a scenario's start time, then runs it. */
export async function runScenario(plan: Plan, test: Test, pool: VuPool, alarm: () => Promise<Alarm>): Promise<void> {
  const { config } = plan;
  if (plan.maxVus === 0) return;
  const { signal } = test.state;
  // An aborted test ends the wait. The rejection says nothing else.
  if (config.startTime > 0) await setTimeout(config.startTime, undefined, { signal }).catch(() => {});
  if (signal.aborted) return;
  const scenario = new ScenarioRun(plan);
  const { accounts } = pool;
  const stage: Stage = {
    signal,
    take: async () => new VuWorker(await accounts.take(), scenario),
    grow: async () => {
      try {
        return new VuWorker(await accounts.grow(), scenario);
      } catch (error) {
        test.logger.log('error', `Error while allocating unplanned VU: ${(error as Error).message}`);
        return null;
      }
    },
    give: (worker) => accounts.give((worker as VuWorker).vu),
    activate: (change) => accounts.activate(change),
    alarm,
    drop: (count) => test.collector.add(test.metrics.droppedIterations, count, dropTags(test, config)),
    warnOfShortage: (vus) =>
      test.logger.log('warning', `Insufficient VUs, reached ${vus} active VUs and cannot initialize more`),
    progress: (of) => scenario.measureProgress(of),
  };
  await plan.run(stage);
}

const dropTags = ({ options }: Test, { name, tags }: Plan['config']) => ({
  ...options.tags,
  ...tags,
  ...(options.systemTags.has('scenario') && { scenario: name }),
});
