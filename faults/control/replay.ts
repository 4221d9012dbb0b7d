import { setTimeout as sleep } from 'node:timers/promises';
import { findOperation } from './dispatch.ts';
import type { Call, Operation } from './operation.ts';
import type { PlannedCall, RecordedCalls } from './recorded-calls.ts';

/** Executes a plan's calls at their scheduled times. Starting a plan stops the previous one. */
export class Replay {
  readonly #operations: readonly Operation[];
  readonly #recorded: RecordedCalls;
  #stop = new AbortController();
  #calls = 0;
  #done = 0;
  #problems: string[] = [];
  /** Maps the paths of faults in the plan to their current paths. */
  readonly #renamed = new Map<string, string>();

  constructor(operations: readonly Operation[], recorded: RecordedCalls) {
    this.#operations = operations;
    this.#recorded = recorded;
  }

  /** Starts a plan. Resolves after the calls at time 0. */
  async start(calls: readonly PlannedCall[]): Promise<void> {
    this.stop();
    const { signal } = this.#stop;
    this.#calls = calls.length;
    const began = performance.now();
    const later = calls.findIndex(({ atMilliseconds }) => atMilliseconds > 0);
    for (const call of later < 0 ? calls : calls.slice(0, later)) await this.#carryOut(call);
    if (later >= 0) void this.#follow(calls.slice(later), began, signal);
  }

  /** Stops the plan. */
  stop(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#calls = 0;
    this.#done = 0;
    this.#problems = [];
    this.#renamed.clear();
  }

  /** Returns the plan's progress. */
  tell(): { calls: number; done: number; problems: readonly string[] } {
    return { calls: this.#calls, done: this.#done, problems: [...this.#problems] };
  }

  async #follow(calls: readonly PlannedCall[], began: number, signal: AbortSignal): Promise<void> {
    for (const call of calls) {
      const wait = began + call.atMilliseconds - performance.now();
      if (wait > 0) await sleep(wait, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await this.#carryOut(call);
    }
  }

  async #carryOut({ method, path: planned, body, id }: PlannedCall): Promise<void> {
    const path = this.#renamed.get(planned) ?? planned;
    try {
      const found = findOperation(this.#operations, method, path);
      if (!found) throw new Error('unknown call');
      const call: Call = { params: found.params, query: {}, body };
      // A planned operation returns its result, so it doesn't use the response object.
      const answer = await found.operation.prepare(call)(undefined as never);
      this.#recorded.note(method, path, body, answer);
      const given = (answer as { id?: string } | undefined)?.id;
      if (id !== undefined && given !== undefined) this.#renamed.set(`${path}/${id}`, `${path}/${given}`);
    } catch (error) {
      this.#problems.push(`${method} ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#done++;
  }
}
