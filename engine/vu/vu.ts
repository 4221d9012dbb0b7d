import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { EngineError, USE_K6 } from '../base/errors.ts';
import type { ScriptExports } from '../base/script-exports.ts';
import { textRecord } from '../base/text-record.ts';
import { callInSteps, type Waiter } from '../blocking/carried.ts';
import { Jobs } from '../blocking/jobs.ts';
import { findJobsBy } from '../blocking/promise.ts';
import type { ScenarioRun } from '../executors/scenario-run.ts';
import type { ConnectionSettings } from '../net/connection.ts';
import { ConnectionPool } from '../net/connection-pool.ts';
import { CookieJar } from '../net/cookie-jar.ts';
import { DEFAULT_EXPECTED, type StatusTest } from '../net/expected-statuses.ts';
import { RequestKinds } from '../net/request-kinds.ts';
import { describeError } from './describe-error.ts';
import { EventLoop, type Outcome } from './event-loop.ts';
import type { Group } from './group.ts';
import type { Test } from './test.ts';
import { TimeLimit } from './time-limit.ts';
import { createTimers, type VuTimers } from './timers.ts';
import { VuTags } from './vu-tags.ts';

const storage = new AsyncLocalStorage<Vu>();

findJobsBy(() => (currentVu() as Vu).jobs);

/** Returns the VU whose code is running, including its timers and promises, or undefined in engine code. */
export const currentVu = (): Vu | undefined => storage.getStore();

/** Returns a function that runs code as part of `vu`. Entering an existing scope costs a tenth of creating one. */
function scopeOf(vu: Vu): <T>(action: () => T) => T {
  const scope = storage.run(vu, () => new AsyncResource('Vu'));
  return (action) => scope.runInAsyncScope(action);
}

/** The stage of the test in which a VU is running. It determines which parts of the k6 API are available. */
export type Phase = 'init' | 'setup' | 'iteration' | 'teardown' | 'summary';

/** A virtual user. It has its own instances of the script's modules, its own connections and its own event loop. */
export class Vu {
  readonly test: Test;
  /** The VU's number from 1, or 0 for init, setup, teardown and the summary. */
  readonly id: number;
  /** The VU's number across all instances of the test. */
  readonly idInTest: number;
  readonly loop = new EventLoop();
  readonly jobs: Jobs;
  readonly timers: VuTimers;
  readonly limit: TimeLimit;
  readonly tags: VuTags;
  /** Settings for its connections, regardless of the protocol. */
  readonly network: ConnectionSettings;
  readonly connections: ConnectionPool;
  readonly requestKinds = new RequestKinds();
  /** Runs a function as this VU's code. */
  readonly runAs = scopeOf(this);
  phase: Phase = 'init';
  /** The script's `globalThis`. */
  globalObject: Record<string, unknown> = {};
  exports: ScriptExports = {};
  /** The module that is being evaluated in the init stage. Paths passed to `open()` are relative to it. */
  evaluating: URL | null = null;
  env: Record<string, string>;
  scenario: ScenarioRun | null = null;
  group: Group;
  jar = new CookieJar();
  isExpectedStatus: StatusTest | null = DEFAULT_EXPECTED;
  /** This VU's copy of the result of `setup()`. Changes to it last until the end of the run (golden record 22). */
  data: unknown;
  /** The running iteration's zero-based number within its VU, or -1 before its first one. */
  iteration = -1;
  /** The running iteration's number in its scenario: within this VU, within this instance and within the whole test. */
  iterationInVu = 0;
  iterationInScenario = { inInstance: -1, inTest: -1 };
  /** How late the running iteration started, in milliseconds, or null if the executor has no schedule. */
  lateness: number | null = null;
  /** Replaces `Math.random` after the script has called `randomSeed()`. */
  random: (() => number) | null = null;

  constructor(test: Test, id: number, idInTest = id) {
    this.test = test;
    this.id = id;
    this.idInTest = idInTest;
    this.jobs = new Jobs(
      () => refuseWait(this),
      (error) => this.loop.fail(error, true),
    );
    this.timers = createTimers(this.loop, this.jobs, test.logger, () => this.globalObject);
    this.limit = new TimeLimit(test, this.loop);
    this.env = textRecord(test.env);
    this.group = test.rootGroup;
    this.tags = new VuTags(test.options.systemTags);
    const { options } = test;
    this.network = {
      dial: {
        hosts: options.hosts,
        blockedHosts: options.blockHostnames,
        blockedAddresses: options.blacklistIPs,
        localAddress: test.localAddresses.at(Math.max(0, id - 1) % Math.max(1, test.localAddresses.length)),
        resolver: () => test.resolver,
      },
      reuse: !options.noConnectionReuse,
      http2: test.http2,
      tls: options.tls,
      certificates: options.tlsAuth,
      verifyTls: !options.insecureSkipTLSVerify,
      get roots() {
        return test.roots;
      },
    };
    this.connections = new ConnectionPool(this.network);
  }

  /** Runs one of the script's functions, and everything that it starts, as this VU. */
  run(action: unknown, args: unknown[], onEnd: (outcome: Outcome) => void): void {
    const call = (waiter: Waiter) => this.jobs.run(() => callInSteps(action, undefined, args), waiter);
    const end = (outcome: Outcome) => {
      this.jobs.reset();
      onEnd(outcome);
    };
    this.runAs(() => this.loop.run(call, end));
  }

  enterGroup(group: Group): void {
    this.group = group;
    this.tags.setSystem('group', group.path);
  }
}

/** Ends the test at a blocking call that can't block there, if the source did not show it. It would return no result. */
function refuseWait({ test, loop, limit }: Vu): never {
  const error = new EngineError(
    'BLOCKING_CALL_REFUSED',
    `a blocking call was made in a place where the embedded engine can't wait, such as a constructor, a getter, a generator or toString(): move it out, or ${USE_K6}`,
  );
  const [, ...place] = describeError(error).split('\n');
  test.state.abort({ message: [error.message, ...place].join('\n'), exitCode: error.exitCode });
  loop.interrupt();
  limit.end(error);
  throw error;
}
