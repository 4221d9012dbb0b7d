import { Refusal } from '../../faults/base/refusal.ts';
import { describeFault } from '../../faults/control/describe-fault.ts';
import { now, pause } from '../base/clock.ts';
import { messageOf, outputOf, withOutput } from '../base/errors.ts';
import { about } from '../base/in-words.ts';
import type { Contract, Numbers } from '../contract/contract.ts';
import type { EndSignal } from '../contract/schema/termination.ts';
import { scriptContext } from '../contract/script-context.ts';
import { withUpstreamAddresses } from '../contract/upstream-addresses.ts';
import { DATABASE } from '../contract/uses-postgres.ts';
import type { HistoryEvent, Receipt, ServiceEvent } from '../history/events.ts';
import type { Lab } from '../lab/lab.ts';
import { ScenarioLab } from '../lab/scenario-lab.ts';
import { ScenarioState } from '../report/live/scenario-state.ts';
import { type Reporter, SILENT } from '../report/reporters/reporter.ts';
import type { PastRun } from '../report/run-folder.ts';
import { clientPrefix } from '../run/client-addresses.ts';
import { canAnswer } from './can-answer.ts';
import { followDatabase, followFakes } from './follow-receipts.ts';
import { type Load, LoadGenerator } from './load-generator.ts';
import type { SetFault, Snapshot } from './messages.ts';
import { RecentEvents } from './recent-events.ts';
import { Tail } from './tail.ts';

export interface WorkbenchOptions {
  lab: Lab;
  contract: Contract;
  numbers: Numbers;
  /** The folder for the service's log. */
  folder: string;
  seed: number;
  /** Runs a scenario in the same lab. */
  run: (scenario: string, watched: { reporter: Reporter; signal: AbortSignal }) => Promise<PastRun>;
}

/** An operation or scenario that occupies the lab. */
interface Doing {
  what: string;
  began: number;
  expectedSeconds?: number;
  over: AbortController;
  done: Promise<void>;
}

/** How often to look whether the service can answer, in milliseconds. */
const LOOK_MS = 250;

/** Maximum number of receipts, log lines and runs to keep for the page. */
const [RECEIPTS, LINES, RUNS] = [100, 300, 10];

/**
 * A lab for interactive use that keeps running: a service under load, its faults, and what is observed. A scenario
 * occupies the lab while it is running, and the service is restarted after it.
 */
export class Workbench implements AsyncDisposable {
  readonly contract: Contract;
  readonly numbers: Numbers;
  readonly recent = new RecentEvents();
  readonly receipts = new Tail<Receipt>(RECEIPTS);
  readonly log = new Tail<string>(LINES);
  /** Past runs, newest first. */
  readonly runs: { number: number; run: PastRun }[] = [];
  /** The current phase, breakers, rates and connections. */
  state: ScenarioState;
  /** The last error, or an empty string if there was none. */
  problem = '';
  readonly #options: WorkbenchOptions;
  readonly #over = new AbortController();
  readonly #following: Promise<unknown>;
  #bench: { bench: ScenarioLab; resources: AsyncDisposableStack } | undefined;
  #load: Load = { rates: {}, clients: 10 };
  #generator: LoadGenerator | undefined;
  /** Whether the service has begun and not ended, and whether it can answer. */
  #isRunning = false;
  #canAnswer = true;
  #doing: Doing | undefined;
  #ran = 0;

  private constructor(options: WorkbenchOptions) {
    this.#options = options;
    this.contract = options.contract;
    this.numbers = options.numbers;
    this.state = this.#byHand();
    const receipts = followFakes(options.lab.fakes, this.#seeReceipt, this.#over.signal).catch((error) => {
      this.problem = `the fakes have stopped: ${messageOf(error)}`;
    });
    this.#following = Promise.all([receipts, this.#watchService()]);
  }

  /**
   * Starts the service.
   *
   * @throws ProofloadError SERVICE_NOT_READY
   */
  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const workbench = new Workbench(options);
    try {
      await workbench.#openBench();
      return workbench;
    } catch (error) {
      await workbench[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * The service's environment, in which faults can be set. undefined while the lab is occupied or if the service failed
   * to start.
   */
  get bench(): ScenarioLab | undefined {
    return this.#doing ? undefined : this.#bench?.bench;
  }

  get load(): Load & { leftOut: number } {
    return { ...this.#load, leftOut: this.#generator?.leftOut ?? 0 };
  }

  set load(load: Load) {
    this.#load = load;
    this.#generator?.set(load);
  }

  /** The service, and the operation or scenario that occupies the lab. */
  get service(): Snapshot['service'] {
    const { expectedSeconds } = this.state.announced;
    const doing = this.#doing && {
      what: this.#doing.what,
      seconds: (now() - this.#doing.began) / 1_000,
      expected: expectedSeconds === undefined ? '' : about(expectedSeconds),
    };
    const state = this.#isRunning && this.#canAnswer ? 'up' : doing ? 'restarting' : 'down';
    return { url: this.#bench?.bench.service.url ?? null, state, doing: doing ?? null };
  }

  /** The error for operations while the lab is occupied or has no service. */
  get busy(): Refusal {
    const why = this.#doing
      ? `the lab is busy: ${this.#doing.what}; allowed: to wait for it, or to stop a scenario`
      : 'there is no service; allowed: to restart it';
    return new Refusal('lab-busy', why, 409);
  }

  /** Returns each target's current faults with their counts. */
  async faults(): Promise<Snapshot['faults']> {
    const { fakes } = this.#options.lab;
    const names = Object.keys(fakes.upstreams);
    const listed = await Promise.all(names.map((name) => fakes.pass('get', `/upstreams/${name}/faults`)));
    const ofUpstreams = names.map((name, index) => [name, (listed[index] as { faults: SetFault[] }).faults]);
    const own = this.bench?.database?.plan.list().map(describeFault) ?? [];
    return Object.fromEntries([...ofUpstreams, [DATABASE, own]]);
  }

  /**
   * Starts a scenario.
   *
   * @throws Refusal `lab-busy`
   */
  begin(scenario: string): void {
    this.#take(scenario, (signal) => this.#run(scenario, signal)).catch(() => {}); // the problem is shown
  }

  /** Stops the current scenario. It is judged using the events so far. */
  stop(): void {
    this.#doing?.over.abort('stopped manually');
  }

  /**
   * Restarts the service, or starts it if it is not running.
   *
   * @throws Refusal `lab-busy`, `service-not-ready`
   */
  async restart(signal: EndSignal): Promise<void> {
    const restarting = this.#take('the service restarts', async () => {
      if (this.#bench) await this.#bench.bench.service.restart(signal);
      else await this.#openBench();
    });
    await restarting.catch((error) => {
      throw new Refusal('service-not-ready', withOutput(messageOf(error), outputOf(error)), 502);
    });
  }

  #take(what: string, act: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#doing) throw this.busy;
    const over = new AbortController();
    this.problem = '';
    const done = act(over.signal)
      .catch((error) => {
        this.problem = withOutput(messageOf(error), outputOf(error));
        throw error;
      })
      .finally(() => {
        this.#doing = undefined;
      });
    this.#doing = { what, began: now(), over, done };
    return done;
  }

  async #run(scenario: string, signal: AbortSignal): Promise<void> {
    await this.#closeBench();
    try {
      const run = await this.#options.run(scenario, { reporter: this.#reporter(), signal });
      this.runs.unshift({ number: ++this.#ran, run });
      this.runs.splice(RUNS);
    } finally {
      this.#seeAllHealed();
      this.#see({ type: 'phase', at: now(), id: 1, data: { action: 'by hand' }, title: 'by hand', receipts: 0 });
      if (!this.#over.signal.aborted) await this.#openBench();
    }
  }

  /**
   * Follows a scenario. Its requests and receipts arrive through other channels while it is running, so the recorded
   * ones are ignored.
   */
  #reporter(): Reporter {
    return {
      ...SILENT,
      scenarioBegins: (announced) => {
        this.state = new ScenarioState(announced, now());
        return {
          see: (event) => {
            if (event.type !== 'request' && event.type !== 'receipt') this.#see(event);
          },
          request: this.#see,
          ended() {},
        };
      },
    };
  }

  #see = (event: HistoryEvent): void => {
    this.recent.add(event);
    if (event.type === 'request') this.state.request(event);
    else this.state.see(event);
    if (event.type === 'service') this.#seeService(event);
  };

  #seeService(event: ServiceEvent): void {
    if (event.event === 'unread') return;
    this.#isRunning = event.event === 'started' || event.event === 'found';
    if (event.event !== 'exited' || event.asked || this.#doing) return;
    const how = event.signal ?? `exit code ${event.code}`;
    this.problem = `the service has ended by itself (${how}): restart it under Power`;
  }

  /** Looks regularly whether the service can answer. Its processes may still exist, or hold its output. */
  async #watchService(): Promise<void> {
    for (; !this.#over.signal.aborted; await pause(LOOK_MS, this.#over.signal)) {
      const service = this.#bench?.bench.service;
      this.#canAnswer = service === undefined || (await canAnswer(service));
    }
  }

  #seeReceipt = (receipt: Receipt): void => {
    this.recent.add(receipt);
    this.receipts.add(receipt);
  };

  #seeAllHealed(): void {
    this.#see({ type: 'fault', at: now(), upstream: 'all', asked: {} });
  }

  async #openBench(): Promise<void> {
    const { lab, contract, numbers, folder, seed } = this.#options;
    this.state = this.#byHand();
    await using resources = new AsyncDisposableStack();
    const bench = resources.use(
      await ScenarioLab.open({
        lab,
        contract,
        numbers,
        conditions: [],
        beside: [],
        folder,
        history: { add: this.#see },
        onLine: (line) => this.log.add(line),
      }),
    );
    if (bench.database) resources.use(followDatabase(bench.database.receipts, this.#seeReceipt));
    const addresses = { services: [], lab: { url: '', token: '' }, clientPrefix: clientPrefix(contract.client, seed) };
    const called = withUpstreamAddresses(contract, lab.fakes.upstreams);
    const calling = scriptContext(called, numbers, addresses, bench.environment);
    const generator = resources.use(
      new LoadGenerator({
        url: bench.service.url,
        calling,
        token: (user) => bench.token(user),
        ...(!calling.isElsewhere && { seed }),
        see: this.#see,
      }),
    );
    generator.set(this.#load);
    this.#generator = generator;
    this.#bench = { bench, resources: resources.move() };
  }

  /** Returns a service's initial state. */
  #byHand(): ScenarioState {
    const { breakers, pool } = this.numbers;
    const announced = { scenario: 'by hand', breakers: Object.keys(breakers) };
    return new ScenarioState({ ...announced, ...(pool && { ceiling: pool.max }) }, now());
  }

  /** Heals all faults and stops the service. */
  async #closeBench(): Promise<void> {
    const open = this.#bench;
    this.#bench = undefined;
    await open?.resources.disposeAsync();
    this.#seeAllHealed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    this.stop();
    await this.#doing?.done.catch(() => {});
    await this.#closeBench();
    await this.#following;
  }
}
