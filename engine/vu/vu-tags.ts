import { type Tags, toTagValue } from '../metrics/tags.ts';

/** The tags and metadata of all samples recorded by a VU. Scripts can change both. */
export class VuTags {
  readonly #systemTags: ReadonlySet<string>;
  #values: Record<string, string> = {};
  #metadata: Record<string, string> = {};
  #snapshot: Tags | null = null;

  constructor(systemTags: ReadonlySet<string>) {
    this.#systemTags = systemTags;
  }

  /** Resets the tags when the VU is assigned to a scenario. */
  reset(tags: Tags): void {
    this.#values = { ...tags };
    this.#metadata = {};
    this.#snapshot = null;
  }

  /** The current tags. The same object is returned until a tag changes. It must not be modified. */
  get current(): Tags {
    this.#snapshot ??= { ...this.#values };
    return this.#snapshot;
  }

  /** The metadata, or undefined if there is none. */
  get metadata(): Tags | undefined {
    for (const _ in this.#metadata) return { ...this.#metadata };
    return undefined;
  }

  /** Sets a system tag if `systemTags` enables it. As in k6, `vu` and `iter` become metadata. */
  setSystem(name: string, value: string): void {
    if (!this.#systemTags.has(name)) return;
    if (name === 'vu' || name === 'iter') this.#metadata[name] = value;
    else this.set(name, value);
  }

  /** @throws TypeError if the value is not a string, number or boolean. */
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
