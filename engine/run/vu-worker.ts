import { TestAbortedError } from '../base/errors.ts';
import { startTimer } from '../base/exact-timer.ts';
import { textRecord } from '../base/text-record.ts';
import type { ScenarioRun } from '../executors/scenario-run.ts';
import type { Worker } from '../executors/stage.ts';
import { CookieJar } from '../net/cookie-jar.ts';
import type { ScenarioCounts } from '../vu/counts.ts';
import { describeError } from '../vu/describe-error.ts';
import type { Outcome } from '../vu/event-loop.ts';
import type { Vu } from '../vu/vu.ts';
import { recordBytes } from './record-bytes.ts';

/** A VU that runs a scenario's iterations and counts them. */
export class VuWorker implements Worker {
  readonly vu: Vu;
  readonly #scenario: ScenarioRun;
  readonly #action: unknown;
  readonly #count: { begun: number };
  readonly #counts: ScenarioCounts | undefined;
  #endWait: (() => void) | null = null;

  /** Assigns the VU to a scenario: sets its environment and tags. */
  constructor(vu: Vu, scenario: ScenarioRun) {
    const { config } = scenario;
    this.vu = vu;
    this.#scenario = scenario;
    this.#action = vu.exports[config.exec];
    this.#count = scenario.countOf(vu);
    vu.phase = 'iteration';
    vu.scenario = scenario;
    vu.env = textRecord({ ...vu.test.env, ...config.env });
    vu.tags.reset({ ...vu.test.options.tags, ...config.tags });
    vu.tags.setSystem('scenario', config.name);
    this.#counts = vu.test.scenarioCounts.get(config.name);
    this.#counts?.add('vus', 1);
  }

  iterate(onEnd: () => void, due?: number): void {
    const { vu } = this;
    const { options } = vu.test;
    this.#begin();
    this.#counts?.add('running', 1);
    const begun = performance.now();
    this.#noteLateness(due === undefined ? null : Math.max(0, begun - due));
    vu.run(this.#action, [vu.data], (outcome) => {
      const took = performance.now() - begun;
      this.#record(outcome, took);
      if (options.noVUConnectionReuse) vu.connections.close();
      const left = options.minIterationDuration - took;
      if (left > 0 && outcome.kind !== 'interrupted') this.#wait(left, onEnd);
      else if (outcome.kind === 'done') onEnd();
      // It may have ended at once, or in a microtask. Timers and other VUs must have their turn.
      else setImmediate(onEnd);
    });
  }

  interrupt(): void {
    this.vu.loop.interrupt();
    this.#endWait?.();
  }

  endBy(time: number): void {
    this.vu.limit.set(time, null);
  }

  #begin(): void {
    const { vu } = this;
    vu.iteration += 1;
    vu.iterationInScenario = this.#scenario.takeIteration();
    vu.iterationInVu = this.#count.begun;
    this.#count.begun += 1;
    if (!vu.test.options.noCookiesReset) vu.jar = new CookieJar();
    vu.enterGroup(vu.test.rootGroup);
    const { systemTags } = vu.test.options;
    if (systemTags.has('vu')) vu.tags.setSystem('vu', String(vu.idInTest));
    if (systemTags.has('iter')) vu.tags.setSystem('iter', String(vu.iteration));
  }

  #noteLateness(ms: number | null): void {
    const { vu } = this;
    const { collector, counts, options, strictMetrics } = vu.test;
    vu.lateness = ms;
    if (ms === null || !options.strict || !strictMetrics) return;
    collector.add(strictMetrics.iterationLateness, ms, vu.tags.current, vu.tags.metadata);
    if (ms > options.strict.maxLate) counts.add('iterationsLate', 1);
  }

  #record(outcome: Outcome, took: number): void {
    const { collector, counts, logger, metrics } = this.vu.test;
    const { tags } = this.vu;
    this.vu.enterGroup(this.vu.test.rootGroup);
    recordBytes(this.vu);
    this.#counts?.add('running', -1);
    if (outcome.kind === 'interrupted') {
      counts.add('iterationsInterrupted', 1);
      return;
    }
    counts.add('iterationsCompleted', 1);
    this.#counts?.add('done', 1);
    collector.add(metrics.iterationDuration, took, tags.current, tags.metadata);
    collector.add(metrics.iterations, 1, tags.current, tags.metadata);
    if (outcome.kind === 'threw' && !(outcome.error instanceof TestAbortedError)) {
      const { strictMetrics } = this.vu.test;
      if (strictMetrics) collector.add(strictMetrics.iterationExceptions, 1, tags.current, tags.metadata);
      logger.log('error', describeError(outcome.error, outcome.inPromise));
    }
  }

  #wait(ms: number, onEnd: () => void): void {
    const end = () => {
      this.#endWait = null;
      cancel();
      onEnd();
    };
    const cancel = startTimer(ms, end);
    this.#endWait = end;
  }
}
