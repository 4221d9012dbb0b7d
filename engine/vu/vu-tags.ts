import { type Tags, toTagValue } from '../metrics/tags.ts';

/** The tags that a VU puts on all its samples, and the metadata beside them. Scripts can change both. */
export class VuTags {
  readonly #systemTags: ReadonlySet<string>;
  #values: Record<string, string> = {};
  #metadata: Record<string, string> = {};
  #snapshot: Tags | null = null;

  constructor(systemTags: ReadonlySet<string>) {
    this.#systemTags = systemTags;
  }

  /** Starts over, as a VU does that begins to work for a scenario. */
  reset(tags: Tags): void {
    this.#values = { ...tags };
    this.#metadata = {};
    this.#snapshot = null;
  }

  /** The tags as they are now. The same object until one changes; it is not to be changed. */
  get current(): Tags {
    this.#snapshot ??= { ...this.#values };
    return this.#snapshot;
  }

  /** undefined where there is none. */
  get metadata(): Tags | undefined {
    for (const _ in this.#metadata) return { ...this.#metadata };
    return undefined;
  }

  /** Sets a tag of k6's own, where `systemTags` asks for it; `vu` and `iter` go to the metadata, as in k6. */
  setSystem(name: string, value: string): void {
    if (!this.#systemTags.has(name)) return;
    if (name === 'vu' || name === 'iter') this.#metadata[name] = value;
    else this.set(name, value);
  }

  /** @throws TypeError where the value is no string, number or boolean. */
  set(name: string, value: unknown): void {
    const text = toTagValue(name, value);
    if (this.#values[name] === text) return;
    this.#values[name] = text;
    this.#snapshot = null;
  }

  delete(name: string): void {
    delete this.#values[name];
    this.#snapshot = null;
  }

  setMetadata(name: string, value: unknown): void {
    this.#metadata[name] = toTagValue(name, value);
  }

  deleteMetadata(name: string): void {
    delete this.#metadata[name];
  }
}
