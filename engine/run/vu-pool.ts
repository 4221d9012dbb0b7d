import { evaluateScript } from '../script/evaluate-script.ts';
import type { Test } from '../vu/test.ts';
import { Vu } from '../vu/vu.ts';

/** The VUs of a run: made before it begins, and lent to the scenarios in turn. */
export class VuPool {
  readonly #test: Test;
  readonly #free: Vu[] = [];
  readonly #all: Vu[] = [];
  #setupData: string | undefined;

  constructor(test: Test) {
    this.#test = test;
  }

  /**
   * Makes VUs, one after the other.
   *
   * @throws EngineError SCRIPT_EXCEPTION where the script fails to evaluate for one.
   */
  async add(count: number): Promise<void> {
    for (let made = 0; made < count; made += 1) this.#free.push(await this.make());
  }

  /** Makes one VU that is not free. */
  async make(): Promise<Vu> {
    const { share } = this.#test.options;
    const nth = this.#all.length;
    const vu = new Vu(this.#test, share.numberInInstance(nth) + 1, share.numberOf(nth) + 1);
    this.#all.push(vu);
    vu.exports = await evaluateScript(vu);
    vu.data = this.#copyOfSetupData();
    this.#test.counts.add('vusInitialized', 1);
    return vu;
  }

  /** Gives every VU, there already or not, a copy of its own of what setup() returned, as JSON. */
  distribute(setupData: string | undefined): void {
    this.#setupData = setupData;
    for (const vu of this.#all) vu.data = this.#copyOfSetupData();
  }

  /** The VU that has been free longest. */
  take(): Vu {
    const vu = this.#free.shift();
    if (!vu) throw new Error('more VUs are taken than were planned');
    return vu;
  }

  give(vu: Vu): void {
    this.#free.push(vu);
  }

  /** Ends all connections. */
  close(): void {
    for (const vu of this.#all) vu.connections.close();
  }

  #copyOfSetupData(): unknown {
    return this.#setupData === undefined ? undefined : JSON.parse(this.#setupData);
  }
}
