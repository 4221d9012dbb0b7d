import { GoError, TestAbortedError } from '../base/errors.ts';
import { EXIT_CODES } from '../base/exit-codes.ts';
import type { ScenarioRun } from '../executors/scenario-run.ts';
import type { Phase, Vu } from '../vu/vu.ts';

/** Implements `k6/execution` (golden records 29 to 32 and 42). */
export function createExecutionModule(vu: Vu): object {
  const notIn = (phases: readonly Phase[], what: string) => () => {
    if (phases.includes(vu.phase)) throw new GoError(`getting ${what} in the init context is not supported`);
  };
  const notInInit = notIn(['init'], 'VU information');
  // As in k6, `teardown()` and `handleSummary()` count as the init context.
  const notInInstance = notIn(['init', 'teardown', 'summary'], 'instance information');
  const outsideVu = 'getting scenario information outside of the VU context is not supported';
  const notInScenario = () => {
    if (vu.phase === 'init') throw new GoError(outsideVu);
  };
  const scenarioRun = (): ScenarioRun => {
    if (vu.scenario) return vu.scenario;
    throw new GoError(outsideVu);
  };
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
  const metrics = withFields({}, notInInit, { tags: () => tags, metadata: () => metadata });
  const { counts } = vu.test;
  const named = {
    vu: withFields({ metrics }, notInInit, {
      idInInstance: () => vu.id,
      idInTest: () => vu.idInTest,
      iterationInInstance: () => Math.max(0, vu.iteration),
      iterationInScenario: () => vu.iterationInVu,
      tags: () => tags,
    }),
    scenario: withFields({}, scenarioRun, {
      name: () => scenarioRun().config.name,
      executor: () => scenarioRun().config.executor,
      startTime: () => Math.round(scenarioRun().startedAt),
      progress: () => scenarioRun().progress,
      iterationInInstance: () => vu.iterationInScenario.inInstance,
      iterationInTest: () => vu.iterationInScenario.inTest,
    }),
    instance: withFields({}, notInInstance, {
      iterationsCompleted: () => counts.get('iterationsCompleted'),
      iterationsInterrupted: () => counts.get('iterationsInterrupted'),
      vusActive: () => counts.get('vusActive'),
      vusInitialized: () => counts.get('vusInitialized'),
      currentTestRunDuration: () => vu.test.elapsed,
    }),
    test: withFields(testOf(vu), notIn(['init'], 'test options'), { options: () => vu.test.options.exported.all }),
  };
  // The named exports can't throw when they are imported, so only their fields are checked.
  const module = withFields({}, notInInstance, { instance: () => named.instance });
  withFields(module, notInScenario, { scenario: () => named.scenario });
  withFields(module, () => {}, { test: () => named.test });
  return { ...named, default: withFields(module, notInInit, { vu: () => named.vu }) };
}

/**
 * Adds fields whose values are computed whenever a script reads them.
 *
 * @param check Called before that. Throws if the fields are not available.
 */
function withFields(object: object, check: () => unknown, fields: Readonly<Record<string, () => unknown>>): object {
  for (const [name, read] of Object.entries(fields)) {
    const get = () => {
      check();
      return read();
    };
    Object.defineProperty(object, name, { enumerable: true, get });
  }
  return object;
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
      vu.limit.end(error);
      throw error;
    },
    fail: (message?: unknown): void => {
      if (vu.phase === 'init') throw new GoError('execution.test.fail() called outside of VU context');
      vu.test.state.markedAsFailed = true;
      vu.test.logger.log('error', `test marked as failed${message === undefined ? '' : `: ${String(message)}`}`);
    },
  };
}

/** The storage behind a tags object that scripts read and write. */
interface TagStore {
  read(): Readonly<Record<string, string>>;
  /** @throws TypeError for an invalid value. */
  set(name: string, value: unknown): void;
  delete(name: string): void;
}

/** Creates an object whose properties are tags, such as `exec.vu.metrics.tags`. */
function tagsProxy(store: TagStore): object {
  return new Proxy(
    {},
    {
      get: (_, name) => (typeof name === 'string' ? store.read()[name] : undefined),
      has: (_, name) => typeof name === 'string' && name in store.read(),
      ownKeys: () => Object.keys(store.read()),
      getOwnPropertyDescriptor: (_, name) =>
        typeof name === 'string' && Object.hasOwn(store.read(), name)
          ? { value: store.read()[name], writable: true, enumerable: true, configurable: true }
          : undefined,
      set: (_, name, value) => {
        store.set(String(name), value);
        return true;
      },
      deleteProperty: (_, name) => {
        store.delete(String(name));
        return true;
      },
    },
  );
}
