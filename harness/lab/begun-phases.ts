import { Refusal } from '../../faults/base/refusal.ts';
import { earlierPhases, type PhaseData, titleOfPhase } from '../contract/phases.ts';

/** Numbers a scenario's phases, starting at 1. Each entry gets another number, even if the same action is repeated. */
export class BegunPhases {
  readonly #titles: string[] = [];

  /**
   * Begins a phase. Returns its number, and its title for people.
   *
   * @throws Refusal `invalid-field` if it belongs to a phase that has not begun
   */
  begin(data: PhaseData): { id: number; title: string } {
    const begun = this.#titles.length;
    const unknown = earlierPhases(data).find((id) => id > begun);
    if (unknown !== undefined) {
      const allowed = begun === 0 ? 'none, because this is the first phase' : `1 to ${begun}`;
      throw new Refusal('invalid-field', `${unknown} is not the ID of an earlier phase; allowed: ${allowed}`);
    }
    const title = titleOfPhase(data, (id) => this.#titles[id - 1] ?? '');
    return { id: this.#titles.push(title), title };
  }

  /** How many phases have begun. */
  get count(): number {
    return this.#titles.length;
  }

  /**
   * Returns the number of the current phase.
   *
   * @throws Refusal `invalid-field` if none has begun
   */
  get current(): number {
    if (this.count > 0) return this.count;
    throw new Refusal('invalid-field', 'no phase has begun; allowed after POST /phase');
  }
}
