import type { Stage, Worker } from '../../../engine/executors/stage.ts';

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

/** Creates a stage on the installed clock, whose iterations all take the same time. */
export function fakeStage(takes: number) {
  const origin = performance.now();
  const now = () => Math.round(performance.now() - origin);
  const abort = new AbortController();
  const seen = {
    iterations: [] as FakeIteration[],
    dropped: [] as number[],
    given: 0,
    warnings: [] as number[],
    made: 0,
  };

  function worker(): Worker {
    seen.made += 1;
    const number = seen.made;
    let interrupt = () => {};
    return {
      iterate: (onEnd) => {
        const iteration: FakeIteration = { worker: number, begin: now() };
        seen.iterations.push(iteration);
        const end = () => {
          iteration.end = now();
          interrupt = () => {};
          onEnd();
        };
        const timer = setTimeout(end, takes);
        interrupt = () => {
          clearTimeout(timer);
          iteration.interrupted = true;
          end();
        };
      },
      endBy: () => {},
      interrupt: () => interrupt(),
    };
  }

  const stage: Stage = {
    signal: abort.signal,
    take: (count) => Array.from({ length: count }, worker),
    grow: async () => worker(),
    give: () => {
      seen.given += 1;
    },
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
