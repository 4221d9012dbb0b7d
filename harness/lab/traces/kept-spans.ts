import { beginningOf } from '../../base/in-words.ts';
import { secrets } from '../../base/secrets.ts';
import type { SpanEvent } from '../../history/events.ts';

/** How many spans of a scenario and of a single trace are kept. A span in a history has about 300 bytes. */
const MOST = { ofAll: 20_000, ofTrace: 500 };

/**
 * Keeps the spans of the traces whose IDs begin with the given digits, without secrets. If there are too many, it keeps
 * all spans of a random part of the traces.
 */
export class KeptSpans {
  readonly #prefix: string;
  readonly #most: typeof MOST;
  /** By trace and ID, because exporters may send a span again. */
  readonly #traces = new Map<string, Map<string, SpanEvent>>();
  #size = 0;
  /** Traces are kept if the number in their last 8 digits, which are random, is below this one. */
  #below = 2 ** 32;

  constructor(prefix: string, most = MOST) {
    this.#prefix = prefix;
    this.#most = most;
  }

  add(span: SpanEvent): void {
    const { trace, id } = span;
    if (!trace.startsWith(this.#prefix) || !this.#isKept(trace)) return;
    const spans = this.#traces.get(trace) ?? new Map<string, SpanEvent>();
    if (spans.has(id) || spans.size === this.#most.ofTrace) return;
    this.#traces.set(trace, spans.set(id, tidied(span)));
    this.#size += 1;
    while (this.#size > this.#most.ofAll) this.#halve();
  }

  [Symbol.iterator](): Iterator<SpanEvent> {
    return [...this.#traces.values()].flatMap((spans) => [...spans.values()]).values();
  }

  #isKept(trace: string): boolean {
    return Number.parseInt(trace.slice(-8), 16) < this.#below;
  }

  #halve(): void {
    this.#below /= 2;
    for (const [trace, { size }] of this.#traces) {
      if (this.#isKept(trace)) continue;
      this.#traces.delete(trace);
      this.#size -= size;
    }
  }
}

/** Names of spans are free texts, unlike the names in other events, which the history leaves as they are. */
const tidied = ({ service, name, message, ...span }: SpanEvent): SpanEvent => ({
  ...span,
  service: tidy(service),
  name: tidy(name),
  ...(message !== undefined && { message: tidy(message) }),
});

const tidy = (text: string): string => beginningOf(secrets.redact(text));
