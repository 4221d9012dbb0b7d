import { type Tags, toTagValue } from '../metrics/tags.ts';

/** Limits memory use for scripts that generate names of groups. */
const MOST_GROUPS = 100;

/** The tags and metadata of all samples recorded by a VU. Scripts can change both. */
export class VuTags {
  readonly #systemTags: ReadonlySet<string>;
  #values: Record<string, string> = {};
  /** null if there is none. This is faster to check than an empty object. */
  #metadata: Record<string, string> | null = null;
  #snapshot: Tags | null = null;
  /** Earlier snapshots by the value of the tag `group`, which changes most often. The other tags are the same in all. */
  readonly #ofGroups = new Map<string | undefined, Tags>();

  constructor(systemTags: ReadonlySet<string>) {
    this.#systemTags = systemTags;
  }

  /** Resets the tags when the VU is assigned to a scenario. */
  reset(tags: Tags): void {
    this.#values = { ...tags };
    this.#metadata = null;
    this.#forget();
  }

  /** The current tags. Equal tags are usually the same object, so it can serve as a key. It must not be modified. */
  get current(): Tags {
    if (this.#snapshot) return this.#snapshot;
    const { group } = this.#values;
    const tags = this.#ofGroups.get(group) ?? { ...this.#values };
    if (this.#ofGroups.size >= MOST_GROUPS) this.#ofGroups.clear();
    this.#ofGroups.set(group, tags);
    this.#snapshot = tags;
    return tags;
  }

  /** The metadata, or undefined if there is none. */
  get metadata(): Tags | undefined {
    return this.#metadata ? { ...this.#metadata } : undefined;
  }

  /** Sets a system tag if `systemTags` enables it. As in k6, `vu` and `iter` become metadata. */
  setSystem(name: string, value: string): void {
    if (!this.#systemTags.has(name)) return;
    if (name === 'vu' || name === 'iter') this.setMetadata(name, value);
    else this.set(name, value);
  }

  /** @throws TypeError if the value is not a string, number or boolean. */
  set(name: string, value: unknown): void {
    const text = toTagValue(name, value);
    if (this.#values[name] === text) return;
    this.#values[name] = text;
    if (name === 'group') this.#snapshot = null;
    else this.#forget();
  }

  delete(name: string): void {
    delete this.#values[name];
    this.#forget();
  }

  #forget(): void {
    this.#snapshot = null;
    this.#ofGroups.clear();
  }

  setMetadata(name: string, value: unknown): void {
    const text = toTagValue(name, value);
    this.#metadata ??= {};
    this.#metadata[name] = text;
  }

  deleteMetadata(name: string): void {
    if (!this.#metadata) return;
    delete this.#metadata[name];
    if (Object.keys(this.#metadata).length === 0) this.#metadata = null;
  }
}
