import { GoError, TestAbortedError } from '../base/errors.ts';
import { EXIT_CODES } from '../base/exit-codes.ts';
import type { ScenarioRun } from '../executors/scenario-run.ts';
import type { Vu } from '../vu/vu.ts';
import { tagsProxy } from './tags-proxy.ts';

/** Implements `k6/execution` (golden records 29 to 32 and 42). */
export function createExecutionModule(vu: Vu): object {
  const notInInit = (what: string) => {
    if (vu.phase === 'init') throw new GoError(`getting ${what} information in the init context is not supported`);
  };
  const scenarioRun = (): ScenarioRun => {
    if (vu.scenario) return vu.scenario;
    throw new GoError('getting scenario information outside of the VU context is not supported');
  };
  const iteration = (within: 'inInstance' | 'inTest') => (): number => {
    scenarioRun();
    return vu.iterationInScenario[within];
  };
  const vuField = <T>(read: () => T) => ({
    enumerable: true,
    get: () => {
      notInInit('VU');
      return read();
    },
  });

  const metrics = Object.defineProperties(
    {},
    {
      tags: vuField(() => tags),
      metadata: vuField(() => metadata),
    },
  );
  const tags = tagsProxy({
    read: () => vu.tags.current,
    set: (name, value) => vu.tags.set(name, value),
    delete: (name) => vu.tags.delete(name),
  });
  const metadata = tagsProxy({
    read: () => vu.tags.metadata ?? {},
    set: (name, value) => vu.tags.setMetadata(name, value),
    delete: (name) => vu.tags.deleteMetadata(name),
  });

  return {
    vu: Object.defineProperties(
      { metrics },
      {
        idInInstance: vuField(() => vu.id),
        idInTest: vuField(() => vu.idInTest),
        iterationInInstance: vuField(() => vu.iterationInInstance),
        iterationInScenario: vuField(() => vu.iteration),
        tags: vuField(() => tags),
      },
    ),
    scenario: Object.defineProperties(
      {},
      {
        name: { enumerable: true, get: () => scenarioRun().config.name },
        executor: { enumerable: true, get: () => scenarioRun().config.executor },
        startTime: { enumerable: true, get: () => Math.round(scenarioRun().startedAt) },
        progress: { enumerable: true, get: () => scenarioRun().progress },
        iterationInInstance: { enumerable: true, get: iteration('inInstance') },
        iterationInTest: { enumerable: true, get: iteration('inTest') },
      },
    ),
    instance: instanceOf(vu, notInInit),
    test: Object.defineProperties(testOf(vu), { options: { enumerable: true, get: () => vu.test.options.exported } }),
  };
}

function instanceOf(vu: Vu, notInInit: (what: string) => void): object {
  const { test } = vu;
  const field = (read: () => number) => ({
    enumerable: true,
    get: () => {
      notInInit('instance');
      return read();
    },
  });
  return Object.defineProperties(
    {},
    {
      iterationsCompleted: field(() => test.counts.get('iterationsCompleted')),
      iterationsInterrupted: field(() => test.counts.get('iterationsInterrupted')),
      vusActive: field(() => test.counts.get('vusActive')),
      vusInitialized: field(() => test.counts.get('vusInitialized')),
      currentTestRunDuration: field(() => test.elapsed),
    },
  );
}

function testOf(vu: Vu): object {
  return {
    abort: (message?: unknown): never => {
      const reason = `test aborted${message === undefined ? '' : `: ${String(message)}`}`;
      const error = new TestAbortedError(reason);
      if (vu.phase === 'init') throw error;
      // End the calling iteration first, so that it counts as completed and not as interrupted (golden record 29).
      vu.loop.fail(error, false);
      vu.test.state.abort({ message: reason, exitCode: EXIT_CODES.aborted });
      throw error;
    },
    fail: (message?: unknown): void => {
      if (vu.phase === 'init') throw new GoError('execution.test.fail() called outside of VU context');
      vu.test.state.markedAsFailed = true;
      vu.test.logger.log('error', `test marked as failed${message === undefined ? '' : `: ${String(message)}`}`);
    },
  };
}
