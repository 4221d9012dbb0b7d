import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import { expect } from 'vitest';
import { bearer } from '../../faults/control/guard.ts';
import { type Fakes, type FakesOptions, startFakes } from '../../faults/fakes/start-fakes.ts';
import type { HandshakeReceipt, RedirectedReceipt, RequestReceipt } from '../../faults/receipts/receipt.ts';
import { type Kind, oneOfEachKind } from '../../mocks/declared-upstream.ts';
import { defineUpstreams } from '../../mocks/define-upstreams.ts';
import { keptCertificates } from '../support/kept-certificates.ts';
import { HANG_MS } from '../support/limits.ts';

export type UpstreamName = Kind;
export type AnyReceipt = RequestReceipt | HandshakeReceipt | RedirectedReceipt;
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/**
 * Fakes in this process. They are called the way a service would call them (over HTTPS with a trusted CA) and through
 * the control API.
 */
export class FakeLab implements AsyncDisposable {
  readonly fakes: Fakes<UpstreamName>;
  readonly agent: Agent;

  constructor(fakes: Fakes<UpstreamName>) {
    this.fakes = fakes;
    this.agent = agentOf({ connect: { ca: fakes.ca, timeout: HANG_MS } });
  }

  /** Requests a completion and reads the whole response. */
  async complete({
    body = { model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'Good morning' }] },
    authorization = 'Bearer gsk_test',
    dispatcher = this.agent,
    signal,
  }: {
    body?: unknown;
    authorization?: string;
    dispatcher?: Dispatcher;
    signal?: AbortSignal;
  } = {}): Promise<Answer> {
    return read(
      await request(`${this.fakes.upstreams.groq}/openai/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        dispatcher,
        ...(signal ? { signal } : {}),
      }),
    );
  }

  /** Sends any other request to an upstream, with a valid key. */
  async ask(upstream: UpstreamName, method: string, path: string, body?: unknown): Promise<Answer> {
    return read(
      await request(`${this.fakes.upstreams[upstream]}${path}`, {
        method: method as Dispatcher.HttpMethod,
        headers: { authorization: upstream === 'groq' ? 'Bearer gsk_test' : 'Token m0-test' },
        dispatcher: this.agent,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  }

  /** Calls the control API and returns the response without reading it. */
  open(path: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    const usual = { 'content-type': 'application/json', ...bearer(this.fakes.token) };
    return fetch(`${this.fakes.control}${path}`, { ...init, headers: { ...usual, ...headers } });
  }

  /** Calls the control API. */
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
  async control(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
    const response = await this.open(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: response.status, body: await response.json() };
  }

  /** Adds a fault and returns its ID. */
  async inject(upstream: UpstreamName, fault: Record<string, unknown>): Promise<string> {
    const { status, body } = await this.control('POST', `/upstreams/${upstream}/faults`, fault);
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id;
  }

  /** Returns the counts for an upstream's first fault. */
  async firstFault(upstream: UpstreamName): Promise<Record<string, unknown>> {
    return (await this.control('GET', `/upstreams/${upstream}/faults`)).body.faults[0];
  }

  /** Returns an upstream's receipts once all of its requests have ended. */
  async receipts(upstream: UpstreamName = 'groq'): Promise<AnyReceipt[]> {
    await until(async () => (await this.control('GET', `/receipts/count?upstream=${upstream}`)).body.open === 0);
    return (await this.control('GET', `/receipts?upstream=${upstream}`)).body.receipts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.destroy();
    await this.fakes[Symbol.asyncDispose]();
  }
}

/** Starts fakes in this process. */
export async function startFakeLab(options?: FakesOptions): Promise<FakeLab> {
  const upstreams = defineUpstreams(oneOfEachKind);
  return new FakeLab(await startFakes(upstreams, { certify: keptCertificates, ...options }));
}

/** Sends a request to any address of the lab, as a client does that follows a redirect. */
export const follow = async ({ agent }: FakeLab, url: URL, headers: Record<string, string> = {}): Promise<Answer> =>
  read(await request(url, { headers, dispatcher: agent }));

/** Returns an undici agent that is destroyed at the end of its scope. */
export function agentOf(options: Agent.Options): Agent & AsyncDisposable {
  const agent = new Agent(options);
  return Object.assign(agent, { [Symbol.asyncDispose]: () => agent.destroy() });
}

/** Waits until a condition is true. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + HANG_MS;
  while (!(await condition())) {
    expect(Date.now(), 'the condition never held').toBeLessThan(deadline);
    await sleep(5);
  }
}

/** Returns the error code from a rejection or its cause. */
export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error = await promise.then(
    () => expect.fail('the call succeeded'),
    (reason: NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException }) => reason,
  );
  return error.code ?? error.cause?.code ?? error.name;
}

async function read({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Answer> {
  return { status: statusCode, headers, text: await body.text() };
}
