import { evaluateScript } from '../script/evaluate-script.ts';
import type { Test } from '../vu/test.ts';
import { Vu } from '../vu/vu.ts';

/** A run's VUs. They are created before the run starts and lent to one scenario after another. */
export class VuPool {
  readonly #test: Test;
  readonly #free: Vu[] = [];
  readonly #all: Vu[] = [];
  #setupData: string | undefined;

  constructor(test: Test) {
    this.#test = test;
  }

  /**
   * Creates VUs one after another.
   *
   * @throws EngineError SCRIPT_EXCEPTION if evaluating the script fails for one of them
   */
  async add(count: number): Promise<void> {
    for (let made = 0; made < count; made += 1) this.#free.push(await this.make());
  }

  /** Creates a VU without adding it to the idle VUs. */
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

  /** Gives each existing and future VU its own copy of the result of `setup()`. */
  distribute(setupData: string | undefined): void {
    this.#setupData = setupData;
    for (const vu of this.#all) vu.data = this.#copyOfSetupData();
  }

  /** Takes the VU that has been idle the longest. */
  take(): Vu {
    const vu = this.#free.shift();
    if (!vu) throw new Error('more VUs are in use than were planned');
    return vu;
  }

  give(vu: Vu): void {
    this.#free.push(vu);
  }

  /** Closes the connections of all VUs. */
  close(): void {
    for (const vu of this.#all) vu.connections.close();
  }

  #copyOfSetupData(): unknown {
    return this.#setupData === undefined ? undefined : JSON.parse(this.#setupData);
  }
}
