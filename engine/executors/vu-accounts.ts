import type { Plan } from './plan.ts';

/** After this time in milliseconds, a scenario that waits for a VU logs a warning, as in k6. */
const PATIENCE = 400;

interface Means<Vu> {
  /** Creates a VU. */
  readonly make: () => Promise<Vu>;
  readonly count: (name: 'vusActive' | 'vusInitialized', change: number) => void;
  readonly warn: (message: string) => void;
}

/** Accounts for a run's VUs: which exist, which are free, and how many are active. All scenarios share them. */
export class VuAccounts<Vu> {
  readonly #means: Means<Vu>;
  readonly #free: Vu[] = [];
  readonly #waiting: ((vu: Vu) => void)[] = [];
  readonly #planned: number;
  /** How many VUs may still be created while the test runs. */
  #extra: number;

  constructor(plans: readonly Pick<Plan, 'config' | 'needs'>[], means: Means<Vu>) {
    const { planned, most } = vusFor(plans);
    this.#means = means;
    this.#planned = planned;
    this.#extra = most - planned;
  }

  /** Creates the planned VUs one after another, until the signal is aborted. Rejects if one can't be created. */
  async fill(signal: AbortSignal): Promise<void> {
    for (let left = this.#planned; left > 0 && !signal.aborted; left -= 1) this.give(await this.#make());
  }

  /** Takes the VU that has been free the longest, or waits for one from a scenario that is about to end. */
  async take(): Promise<Vu> {
    const free = this.#free.shift();
    if (free !== undefined) return free;
    const late = () => this.#means.warn(`Could not get a VU from the buffer for ${PATIENCE}ms`);
    const timer = setTimeout(late, PATIENCE);
    return new Promise((resolve) =>
      this.#waiting.push((vu) => {
        clearTimeout(timer);
        resolve(vu);
      }),
    );
  }

  /** Creates an additional VU. As in k6, takes a free one if the planned number has been created. */
  async grow(): Promise<Vu> {
    if (this.#extra === 0) return this.take();
    this.#extra -= 1;
    return this.#make();
  }

  /** Gives a VU to the scenario that has waited the longest, or keeps it. */
  give(vu: Vu): void {
    const next = this.#waiting.shift();
    if (next) next(vu);
    else this.#free.push(vu);
  }

  /** Notes that VUs have begun (1) or stopped (-1) executing the script. */
  activate(change: 1 | -1): void {
    this.#means.count('vusActive', change);
  }

  async #make(): Promise<Vu> {
    const vu = await this.#means.make();
    this.#means.count('vusInitialized', 1);
    return vu;
  }
}

/**
 * Returns how many VUs all scenarios need together, as in k6: the highest total at any time. Scenarios that don't
 * overlap share their VUs.
 *
 * @returns `planned` is the number of VUs to create before the test starts, and `most` includes the extra ones.
 */
export function vusFor(plans: readonly Pick<Plan, 'config' | 'needs'>[]): {
  planned: number;
  most: number;
} {
  const [total, now] = [
    { planned: 0, most: 0 },
    { vus: 0, extra: 0 },
  ];
  const changes = inOrder(plans).flatMap(({ config, needs }) =>
    needs.map(({ time, vus, extra }, index) => ({
      time: config.startTime + time,
      vus: vus - (needs[index - 1]?.vus ?? 0),
      extra: extra - (needs[index - 1]?.extra ?? 0),
    })),
  );
  // The sort is stable: at the same time, scenarios change in the order of their start.
  for (const { vus, extra } of changes.sort((a, b) => a.time - b.time)) {
    now.vus += vus;
    now.extra += extra;
    total.planned = Math.max(total.planned, now.vus);
    total.most = Math.max(total.most, now.vus + now.extra);
  }
  return total;
}

/** Sorts scenarios by their start, then by name, as in k6. */
export const inOrder = <Planned extends Pick<Plan, 'config'>>(plans: readonly Planned[]): Planned[] =>
  plans.toSorted(({ config: a }, { config: b }) => a.startTime - b.startTime || (a.name < b.name ? -1 : 1));
