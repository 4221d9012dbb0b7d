import type { Stage, Worker } from '../../../engine/executors/stage.ts';
import type { VuAccounts } from '../../../engine/executors/vu-accounts.ts';

/**
 * An iteration of a fake worker. Times are in milliseconds since the stage was created. `end` is set when the iteration
 * has ended.
 */
interface FakeIteration {
  readonly worker: number;
  readonly begin: number;
  end?: number;
  interrupted?: true;
}

/** A VU. Whoever interrupts it ends its iteration, no matter which scenario it runs. */
export interface FakeVu {
  readonly number: number;
  interrupt(): void;
}

export const fakeVu = (number: number): FakeVu => ({ number, interrupt() {} });

type FakeAccounts = Pick<VuAccounts<FakeVu>, 'take' | 'grow' | 'give' | 'activate'>;

/** Returns accounts that create as many VUs as are taken. */
function unlimited(): FakeAccounts {
  const free: FakeVu[] = [];
  let made = 0;
  const make = async () => {
    made += 1;
    return fakeVu(made);
  };
  return { take: async () => free.shift() ?? make(), grow: make, give: (vu) => free.push(vu), activate: () => {} };
}

/** Creates a stage on the installed clock, whose iterations all take the same time. */
export function fakeStage(takes: number, accounts = unlimited()) {
  const origin = performance.now();
  const now = () => Math.round(performance.now() - origin);
  const abort = new AbortController();
  const seen = {
    iterations: [] as FakeIteration[],
    dropped: [] as number[],
    given: 0,
    warnings: [] as number[],
    /** The VUs that the scenario has used. */
    vus: new Set<number>(),
  };
  const vus = new WeakMap<Worker, FakeVu>();

  function workerOf(vu: FakeVu): Worker {
    seen.vus.add(vu.number);
    const worker: Worker = {
      iterate: (onEnd) => {
        const iteration: FakeIteration = { worker: vu.number, begin: now() };
        seen.iterations.push(iteration);
        const end = () => {
          iteration.end = now();
          vu.interrupt = () => {};
          onEnd();
        };
        const timer = setTimeout(end, takes);
        vu.interrupt = () => {
          clearTimeout(timer);
          iteration.interrupted = true;
          end();
        };
      },
      endBy: () => {},
      interrupt: () => vu.interrupt(),
    };
    vus.set(worker, vu);
    return worker;
  }

  const stage: Stage = {
    signal: abort.signal,
    take: async () => workerOf(await accounts.take()),
    grow: async () => workerOf(await accounts.grow()),
    give: (worker) => {
      seen.given += 1;
      accounts.give(vus.get(worker) as FakeVu);
    },
    activate: (change) => accounts.activate(change),
    alarm: async () => {
      let timer: NodeJS.Timeout | undefined;
      return {
        set: (ms, onRing) => {
          timer = setTimeout(onRing, ms);
        },
        stop: () => clearTimeout(timer),
      };
    },
    drop: (count) => {
      seen.dropped.push(count);
    },
    warnOfShortage: (vus) => {
      seen.warnings.push(vus);
    },
    progress: () => {},
  };
  return { stage, seen, abort: () => abort.abort() };
}
