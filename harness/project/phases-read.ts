import { nearest } from '../base/nearest.ts';
import type { Phase } from '../contract/phase.ts';
import type { ActionName, PhaseData } from '../contract/phases.ts';
import type { Tags } from '../contract/tags.ts';
import { History } from '../history/history.ts';

/** A history that notes which phases a check reads, to find a name that the scenario spells differently. */
export class PhasesRead extends History {
  /** The phases whose requests or metrics were read. */
  readonly #tagged = new Set<string>();
  /** The phases whose times or receipts were read. */
  readonly #begun = new Set<string>();

  constructor(history: History) {
    super(history.inOrder());
  }

  override sent(tags: Tags) {
    if (tags.phase !== undefined) this.#tagged.add(tags.phase);
    return super.sent(tags);
  }

  override metric(name: string, tags: Tags = {}) {
    if (tags.phase !== undefined) this.#tagged.add(tags.phase);
    return super.metric(name, tags);
  }

  override phase(name: Phase) {
    this.#begun.add(name);
    return super.phase(name);
  }

  override receiptsIn(phase: Phase, upstream: string) {
    this.#begun.add(phase);
    return super.receiptsIn(phase, upstream);
  }

  override failedHandshakesIn(phase: Phase, upstream: string) {
    this.#begun.add(phase);
    return super.failedHandshakesIn(phase, upstream);
  }

  override own(name: string) {
    this.#begun.add(`own: ${name}`);
    return super.own(name);
  }

  override phases<Name extends ActionName>(action: Name) {
    this.#begun.add(action);
    return super.phases(action);
  }

  /**
   * Returns the first phase that was read and is not in the record, as a sentence, and whether no phase that was read is
   * in it: then the check has seen nothing. Returns undefined if all of them are.
   */
  missing(): { sentence: string; sawNothing: boolean } | undefined {
    const tags = [...this.all('request'), ...this.all('metric')].flatMap(({ tags: { phase = [] } }) => phase);
    const names = this.all('phase').flatMap(({ name, data }) => [name, ...(data ? shortNameOf(data) : [])]);
    const sentence =
      sentenceOf(this.#begun, names, (phase) => `the phase ${phase}, which the scenario did not begin`) ??
      sentenceOf(this.#tagged, tags, (phase) => `requests or metrics of the phase ${phase}, but none has this tag`);
    if (sentence === undefined) return undefined;
    return {
      sentence,
      sawNothing: this.#begun.isDisjointFrom(new Set<string>(names)) && this.#tagged.isDisjointFrom(new Set(tags)),
    };
  }
}

const shortNameOf = (data: PhaseData): string[] =>
  'own' in data ? [`own: ${data.own}`] : 'action' in data ? [data.action] : [];

function sentenceOf(read: ReadonlySet<string>, known: readonly string[], what: (phase: string) => string) {
  const [first] = read.difference(new Set(known));
  if (first === undefined) return undefined;
  const meant = nearest(first, known);
  const others = known.length === 0 ? '' : ` Recorded are: ${[...new Set(known)].join(', ')}.`;
  return `The check reads ${what(`"${first}"`)}.${meant === undefined ? others : ` Did you mean "${meant}"?`}`;
}
