import { setImmediate } from 'node:timers/promises';
import { now } from '../base/clock.ts';
import { isHttp } from '../contract/is-http.ts';
import type { WireAnswer } from './exchange.ts';
import type { Wire, WireHooks, WireMutant } from './wire-mutant.ts';

/** Returns what a mutant does when it has a chance to act: undefined or false if nothing. */
type Chance = (hooks: WireHooks) => unknown;

type Step = { readonly at: number } & (
  | { readonly chance: Chance }
  | { readonly served: readonly [endpoint: string, answer: WireAnswer] }
);

/** Maximum number of steps, and of bytes, to keep. Each mutant may act in a scenario with more. */
const [MOST_STEPS, MOST_BYTES] = [20_000, 100_000_000];

/**
 * What passed by in a scenario without mutants. Afterwards, it shows which mutants would have had something to act on,
 * so that scenarios run only with those.
 */
export class Traffic {
  readonly #steps: Step[] = [];
  #bytes = 0;
  #last = 0;
  #isTooMuch = false;
  #wire: Omit<Wire, 'served' | 'impossible'> | undefined;

  /** Called when the scenario starts, also if it starts again. */
  begin(wire: Omit<Wire, 'served' | 'impossible'>): void {
    this.#wire = wire;
    this.#steps.length = 0;
    this.#bytes = 0;
    this.#isTooMuch = false;
  }

  /** Keeps a chance to act. */
  offer(chance: Chance): void {
    this.#keep({ at: now(), chance });
  }

  /** Keeps an answer, and that it was served. Returns it, unless it is too much. */
  pass(answer: WireAnswer, servedBy: string | undefined): WireAnswer | undefined {
    this.#bytes += answer.body.length;
    if (servedBy !== undefined) this.#keep({ at: now(), served: [servedBy, answer] });
    return this.#isTooMuch ? undefined : answer;
  }

  #keep(step: Step): void {
    this.#last = step.at;
    this.#isTooMuch ||= this.#steps.length >= MOST_STEPS || this.#bytes > MOST_BYTES;
    if (this.#isTooMuch) this.#steps.length = 0;
    else this.#steps.push(step);
  }

  /**
   * Returns when each mutant would have acted for the first time, in milliseconds since the epoch. Those that would have
   * had nothing to act on are missing. A mutant that can't be tried without a service counts as acting at the end.
   */
  async firstActs(mutants: readonly WireMutant[]): Promise<ReadonlyMap<WireMutant, number>> {
    const acts = new Map<WireMutant, number>();
    for (const mutant of mutants) void this.#rehearse(mutant, acts);
    // A mutant that still waits then delays an answer, so it acts.
    await setImmediate();
    return new Map(acts);
  }

  async #rehearse(mutant: WireMutant, acts: Map<WireMutant, number>): Promise<void> {
    const wire = this.#wire;
    if (!wire) return;
    acts.set(mutant, this.#last);
    try {
      const served = new Map<string, WireAnswer>();
      const hooks = mutant.create({
        ...wire,
        served: (endpoint) => served.get(endpoint ?? ''),
        impossible() {},
        callUpstream: async (name) => isHttp(wire.contract, name),
        callInPlainText: async () => true,
        callElsewhere: async () => true,
        connectDatabase: async () => true,
      });
      // Without a mutant, callers could not connect when it would act.
      if (hooks.refused || this.#isTooMuch) return;
      for (const step of this.#steps) {
        if ('served' in step) {
          served.set(...step.served);
          continue;
        }
        const act = step.chance(hooks);
        if (act === undefined || act === false) continue;
        acts.set(mutant, step.at);
        const done = await act;
        if (done !== undefined && done !== false) return;
      }
      acts.delete(mutant);
    } catch {
      // It may act on what was not kept, such as a long answer.
    }
  }
}
