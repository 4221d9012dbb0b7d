import type { Fakes } from './fakes.ts';

type Settings = Readonly<Record<string, unknown>>;

/** The conversations that fakes of LLMs have during a scenario. Disposing of it restores their settings. */
export class ModelConversations implements AsyncDisposable {
  readonly #fakes: Pick<Fakes, 'pass'>;
  readonly #before = new Map<string, Settings>();

  constructor(fakes: Pick<Fakes, 'pass'>) {
    this.#fakes = fakes;
  }

  /** Lets a fake call tools as a conversation says. Without rounds, it calls none. */
  set = async (upstream: string, conversation: Settings): Promise<void> => {
    const before = this.#before.get(upstream) ?? ((await this.#fakes.pass('get', pathOf(upstream))) as Settings);
    this.#before.set(upstream, before);
    const { conversation: _, ...others } = before;
    await this.#fakes.pass('put', pathOf(upstream), {
      ...others,
      ...('rounds' in conversation && { conversation }),
    });
  };

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [upstream, settings] of this.#before) await this.#fakes.pass('put', pathOf(upstream), settings);
  }
}

const pathOf = (upstream: string): string => `/upstreams/${encodeURIComponent(upstream)}/settings`;
