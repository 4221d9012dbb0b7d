import { messageOf, outputOf } from '../base/errors.ts';
import { fetchDirectly } from '../base/fetch-directly.ts';
import { errorsFirst, withoutStacks } from '../base/names-error.ts';
import type { ContractFile } from '../contract/contract.ts';
import { reasonIn } from '../contract/log-reasons.ts';
import { endpoint } from './answers.ts';
import type { Endpoint } from './ask-endpoints.ts';
import { body } from './body.ts';
import type { Look } from './compose-contract.ts';
import { answersAt } from './found/at-address.ts';
import { listedEndpoints, prefixOf } from './found/operations.ts';
import { firstOf, type Source, sourceOf } from './found/source.ts';
import type { Interview } from './interview.ts';
import { Trial } from './trial.ts';

type Upstream = NonNullable<ContractFile['upstreams']>[string];

/** Returns an endpoint that calls an upstream first, described without what it reaches. */
function endpointOf(upstream: string, endpoints: Readonly<Record<string, Endpoint>>): Endpoint | undefined {
  const endpoint = Object.values(endpoints).find(({ reaches }) => reaches[0] === upstream);
  return endpoint && { ...endpoint, reaches: [] };
}

interface LookOptions {
  /** The contract's folder. */
  readonly folder: string;
  /** What the files say. */
  readonly source: Source;
  /** Whether the user can go back to a question. */
  readonly mayGoBack: boolean;
  /** Prepares what the service needs to start, before it is started. */
  readonly prepare: (contract: ContractFile) => Promise<void>;
}

/** More failed calls than this are not sent to open a breaker. */
const MOST_FAILURES = 20;

/** Limits of more calls than this are not tried. */
const MOST_TRIED = 60;

/** How many lines of the log to show. */
const SHOWN = 5;

/** Returns the lines of a service's log that may say why something failed, and the reason in words, if one is known. */
function whyInLog(lines: readonly string[], also: readonly string[] = []): string {
  const said = errorsFirst(withoutStacks(lines));
  const reason = reasonIn([...said, ...also]);
  const shown = said.slice(0, SHOWN).map((line) => `\n  | ${line}`);
  return `${shown.join('')}${reason === undefined ? '' : `\n${reason}`}`;
}

/** Starts the service in a lab, calls it, and tells an interview what it showed. What was seen once is kept. */
export class LookAtService implements AsyncDisposable {
  readonly #options: LookOptions;
  #trial: Trial | undefined;
  #key = '';
  /** What was learned, by what was done. */
  readonly #seen = new Map<string, Promise<unknown>>();

  constructor(options: LookOptions) {
    this.#options = options;
  }

  /** Returns the view of an interview. */
  for(interview: Interview): Look {
    return {
      start: (contract) => this.#start(interview, contract),
      call: (prefix, endpoint) => this.#call(interview, prefix, endpoint),
      tryLimits: (endpoints) => this.#tryLimits(interview, endpoints),
      tryAttempts: (endpoints, upstreams) => this.#tryAttempts(interview, endpoints, upstreams),
      openBreakers: (endpoints, upstreams) => this.#openBreakers(interview, endpoints, upstreams),
    };
  }

  /** Returns the result of an act. An interview that goes back repeats the acts before the question. */
  #once<Result>(key: string, act: () => Promise<Result>): Promise<Result> {
    const found = this.#seen.get(key) ?? act();
    this.#seen.set(key, found);
    return found as Promise<Result>;
  }

  async #start(interview: Interview, contract: ContractFile): Promise<void> {
    const suggested = this.#options.source('readyPath', {})?.answer;
    const { running } = contract.start;
    if (running) {
      const address = running.url.replace(/\/$/, '');
      interview.learn(await this.#once(address, () => answersAt(address, suggested)));
      const isThere = await this.#once(`${address} there`, () =>
        fetchDirectly(address).then(
          () => true,
          () => false,
        ),
      );
      if (!isThere) interview.tell(`Nothing responds at ${address}, so nothing can be learned from it.`);
      return;
    }
    const key = JSON.stringify(contract);
    if (key !== this.#key) {
      await this[Symbol.asyncDispose]();
      this.#key = key;
      interview.tell('\nStarting the service in a lab, with fakes in place of its upstreams …');
      this.#trial = await this.#begin(interview, contract);
    }
    if (this.#trial) {
      const trial = this.#trial;
      const found = await this.#once(key, () => answersAt(trial.url, suggested));
      interview.learn(found);
      if (!contract.authentication)
        interview.learn(await this.#once(`${key} callers`, () => this.#withoutCredentials(trial, found)));
    }
  }

  /** Returns that requests need no authentication if the first endpoint serves one without. */
  async #withoutCredentials(trial: Trial, found: Source): Promise<Source> {
    const source = firstOf([found, this.#options.source]);
    const [first] = listedEndpoints(source('endpoints', {})?.answer ?? '');
    const described = endpoint.safeParse(first?.endpoint);
    const sent = body.safeParse(source('body', { endpoints: first?.endpoint ?? '' })?.answer);
    if (!described.success) return () => undefined;
    const seen = await trial.call({ ...described.data, ...sent.data, served: [200] });
    if (!seen || seen.status >= 400) return () => undefined;
    return sourceOf({
      authentication: {
        answer: 'none',
        from: `${first?.endpoint} responds with ${seen.status} without credentials`,
        isKnown: true,
      },
    });
  }

  async #begin(interview: Interview, contract: ContractFile): Promise<Trial | undefined> {
    try {
      await this.#options.prepare(contract);
      const began = performance.now();
      const trial = await Trial.start(contract, this.#options.folder);
      interview.tell(`It started in ${((performance.now() - began) / 1_000).toFixed(1)} s.`);
      return trial;
    } catch (error) {
      const why = whyInLog(outputOf(error), [messageOf(error)]);
      interview.tell(`It did not start, so nothing can be learned from it: ${messageOf(error)}${why}`);
      if (this.#options.mayGoBack)
        interview.tell('< goes back, to correct an answer. Otherwise, only the files are known.');
      return undefined;
    }
  }

  async #call(interview: Interview, prefix: string, endpoint: Parameters<Look['call']>[1]): Promise<void> {
    const trial = this.#trial;
    if (!trial) return;
    const { method, path } = endpoint;
    const seen = await this.#once(`${this.#key} ${JSON.stringify(endpoint)}`, () =>
      trial.call({ ...endpoint, served: [200] }),
    );
    if (!seen) {
      interview.tell(`${method} ${path} gave no response.`);
      return;
    }
    const from = 'the service was called';
    if (seen.status >= 400) {
      const called = seen.reaches.length === 0 ? '' : ` It called ${seen.reaches.join(', ')}.`;
      const hint =
        seen.reaches.length === 0
          ? 'its body, path or credentials may be wrong'
          : 'the stand-in may answer something else than the real one';
      const back = this.#options.mayGoBack ? ' < goes back.' : '';
      interview.tell(
        `${method} ${path} responded with ${seen.status}: ${seen.body || 'no body'}\n ${called} If it should succeed, ${hint}.${back}${whyInLog(seen.log)}`,
      );
    } else interview.learn(sourceOf({ [`${prefix}served`]: { answer: String(seen.status), from, isKnown: true } }));
    const [row, ...others] = seen.stored;
    // If several rows or columns keep it, it is not clear which one is acknowledged.
    if (prefix === '' && row && others.length === 0) {
      const about = { from: `a row of ${method} ${path} in the lab` };
      interview.learn(
        sourceOf({
          ledgerTable: { answer: row.table, ...about },
          ledgerColumn: { answer: row.column, ...about },
          ledgerKey: { answer: row.value, ...about },
        }),
      );
    }
    const reaches = seen.reaches.join(' ') || 'none';
    if (seen.status < 400)
      interview.learn(sourceOf({ [`${prefix}reaches`]: { answer: reaches, from, isKnown: true } }));
    else if (seen.reaches.length > 0) interview.learn(sourceOf({ [`${prefix}reaches`]: { answer: reaches, from } }));
  }

  /** Calls each endpoint with a limit that was found as one client, and keeps the limit only if it is seen. */
  async #tryLimits(interview: Interview, endpoints: Readonly<Record<string, Endpoint>>): Promise<void> {
    const trial = this.#trial;
    if (!trial || !/^(socket|all)$/.test(interview.find('client') ?? '')) return;
    for (const [name, endpoint] of Object.entries(endpoints)) {
      const limit = `${prefixOf(name)}limit`;
      const max = Number.parseInt(interview.find(limit) ?? '', 10);
      if (!(max <= MOST_TRIED)) continue;
      // The window may end meanwhile.
      const most = 2 * max + 2;
      const request = { ...endpoint, reaches: [] };
      const tried = await this.#once(`${this.#key} ${limit} ${max} ${JSON.stringify(request)}`, () =>
        trial.servedBeforeLimit(request, most),
      );
      if (!tried) continue;
      const { served, isRefused } = tried;
      const says = isRefused
        ? `call ${served + 1} of one client was refused`
        : `${served} calls of one client were served`;
      const isSeen = isRefused && served >= max;
      interview.learn((question, earlier) => {
        const found =
          question === limit || question === `${limit}Unsaid` ? this.#options.source(limit, earlier) : undefined;
        if (!found) return undefined;
        if (isSeen) return question === limit ? { ...found, from: `${found.from}; ${says}` } : undefined;
        const answer = question === limit ? 'none' : `the code says ${found.answer} (${found.from}), but ${says}`;
        return { answer, from: 'the service was called', isKnown: true };
      });
    }
  }

  /** Calls an endpoint while an upstream that is said to be called several times fails. */
  async #tryAttempts(
    interview: Interview,
    endpoints: Readonly<Record<string, Endpoint>>,
    upstreams: Readonly<Record<string, Upstream>>,
  ): Promise<string[]> {
    const trial = this.#trial;
    if (!trial) return [];
    const unseen: string[] = [];
    for (const [upstream, { calls }] of Object.entries(upstreams)) {
      const endpoint = endpointOf(upstream, endpoints);
      if (!endpoint || typeof calls !== 'object' || calls.attempts === undefined) continue;
      const { attempts } = calls;
      const key = `${this.#key} ${upstream} attempts ${JSON.stringify(endpoint)}`;
      const seen = await this.#once(key, () => trial.attemptsOf(upstream, endpoint).catch(() => undefined));
      if (!seen) continue;
      const says = `while ${upstream} answered with 503, one call attempted it ${seen === 1 ? 'once' : `${seen} times`}`;
      if (seen === attempts) interview.tell(`The attempts of a call to ${upstream} are seen: ${says}.`);
      else {
        unseen.push(upstream);
        interview.tell(`Left out: the attempts of a call to ${upstream}: ${attempts} are said, but ${says}.`);
      }
    }
    return unseen;
  }

  async #openBreakers(
    interview: Interview,
    endpoints: Readonly<Record<string, Endpoint>>,
    upstreams: readonly string[],
  ): Promise<void> {
    const trial = this.#trial;
    if (!trial) return;
    for (const upstream of upstreams) {
      const request = endpointOf(upstream, endpoints);
      if (!request) continue;
      const key = `${this.#key} ${upstream} ${JSON.stringify(request)}`;
      const opened = await this.#once(key, () =>
        trial.openBreaker(upstream, request, MOST_FAILURES).catch(() => undefined),
      );
      if (!opened) continue;
      const { failures, refusal } = opened;
      const from = `while ${upstream} failed, ${failures ?? 'some'} calls reached it`;
      interview.tell(`A breaker opens: ${from}, and the next one was answered with ${refusal}.`);
      interview.learn(sourceOf({ [`${upstream}.refusal`]: { answer: String(refusal), from, isKnown: true } }));
      // A breaker that opens by a rate may open after as many calls.
      if (failures === undefined || failures < 2) continue;
      interview.learn((name, earlier) =>
        name === `${upstream}.opens` ? this.#opens(name, earlier, failures, from) : undefined,
      );
    }
  }

  #opens: (...given: [string, Parameters<Source>[1], number, string]) => ReturnType<Source> = (
    name,
    earlier,
    failures,
    from,
  ) => {
    const found = this.#options.source(name, earlier);
    if (found?.answer.endsWith('%') || found?.answer === String(failures)) return found;
    return { answer: String(failures), from };
  };

  async [Symbol.asyncDispose](): Promise<void> {
    const trial = this.#trial;
    this.#trial = undefined;
    this.#key = '';
    await trial?.[Symbol.asyncDispose]();
  }
}
