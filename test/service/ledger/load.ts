import { setTimeout as sleep } from 'node:timers/promises';
import { bearer } from '../support/tokens.ts';
import type { Ledger } from './ledger.ts';

const CLIENTS = 8;
/** The probabilities of repeating a request after its response, and of sending a request twice concurrently. */
const AGAIN = 0.2;
const TWICE = 0.2;
const PAUSE_MS = 10;
const PATIENCE_MS = 20_000;

/** A status, or the reason why there is none: the connection was refused or cut. */
type Outcome = number | 'refused' | 'cut';

/**
 * Clients that end one conversation after another, and retry each one until it is complete. Sometimes they repeat a
 * finished request, or send one twice concurrently. `urlOf` returns the service's current URL.
 */
export class Load implements AsyncDisposable {
  /** Number of requests by outcome. */
  readonly outcomes = new Map<Outcome, number>();
  readonly #ledger: Ledger;
  readonly #urlOf: () => string;
  readonly #clients: Promise<void>[];
  #stopped = false;

  constructor(ledger: Ledger, urlOf: () => string) {
    this.#ledger = ledger;
    this.#urlOf = urlOf;
    this.#clients = Array.from({ length: CLIENTS }, (_, client) => this.#endConversations(client));
  }

  /** Stops after each client has finished its conversation. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#clients);
  }

  async #endConversations(client: number): Promise<void> {
    for (let n = 0; !this.#stopped; n += 1) {
      const conversation = `c-${client}-${n}`;
      const deadline = performance.now() + PATIENCE_MS;
      while (!(await this.#ask(conversation)) && performance.now() < deadline) await sleep(PAUSE_MS);
      if (Math.random() < AGAIN) await this.#ask(conversation);
    }
  }

  /** @returns Whether the conversation is complete. */
  async #ask(conversation: string): Promise<boolean> {
    const requests = Math.random() < TWICE ? 2 : 1;
    const answers = await Promise.all(Array.from({ length: requests }, () => this.#post(conversation)));
    return answers.includes('complete');
  }

  async #post(conversation: string): Promise<'complete' | 'not complete'> {
    const body = { user_id: 'ada', conversation_id: conversation, messages: [{ role: 'user', content: conversation }] };
    try {
      const response = await fetch(`${this.#urlOf()}/v1/conversations/end`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bearer('ada') },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const answer = (await response.json()) as { event_id: string; event?: { event_id: string } };
      this.#count(response.status);
      return this.#note(conversation, response.status, answer);
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      this.#count(code === 'ECONNREFUSED' ? 'refused' : 'cut');
      return 'not complete';
    }
  }

  #note(conversation: string, status: number, answer: { event_id: string; event?: { event_id: string } }) {
    if (status === 200 || status === 201) {
      this.#ledger.note(conversation, answer.event_id, 'complete');
      return 'complete';
    }
    if (status === 202) this.#ledger.note(conversation, answer.event_id, 'pending');
    else if (answer.event) this.#ledger.note(conversation, answer.event.event_id, 'kept');
    return 'not complete';
  }

  #count(outcome: Outcome): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }
}
