import { VuAccounts } from '../executors/vu-accounts.ts';
import { evaluateScript } from '../script/evaluate-script.ts';
import type { Test } from '../vu/test.ts';
import { Vu } from '../vu/vu.ts';

/** Creates a run's VUs. Its accounts lend them to one scenario after another. */
export class VuPool {
  readonly accounts: VuAccounts<Vu>;
  readonly #test: Test;
  readonly #all: Vu[] = [];
  #setupData: string | undefined;

  constructor(test: Test) {
    this.#test = test;
    this.accounts = new VuAccounts(test.options.scenarios, {
      make: () => this.#make(),
      count: (name, change) => test.counts.add(name, change),
      warn: (message) => test.logger.log('warning', message),
    });
  }

  /** @throws EngineError SCRIPT_EXCEPTION if evaluating the script fails */
  async #make(): Promise<Vu> {
    const { share } = this.#test.options;
    const nth = this.#all.length;
    const vu = new Vu(this.#test, share.numberInInstance(nth) + 1, share.numberOf(nth) + 1);
    this.#all.push(vu);
    vu.exports = await evaluateScript(vu);
    vu.data = this.#copyOfSetupData();
    return vu;
  }

  /** Gives each existing and future VU its own copy of the result of `setup()`. */
  distribute(setupData: string | undefined): void {
    this.#setupData = setupData;
    for (const vu of this.#all) vu.data = this.#copyOfSetupData();
  }

  /** Closes the connections of all VUs. */
  close(): void {
    for (const vu of this.#all) vu.connections.close();
  }

  #copyOfSetupData(): unknown {
    return this.#setupData === undefined ? undefined : JSON.parse(this.#setupData);
  }
}
