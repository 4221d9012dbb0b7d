import { nearest } from '../base/nearest.ts';
import type { ActionName } from '../contract/phases.ts';
import { History } from '../history/history.ts';

/** A history that notes which phases a check reads, to find a name that the scenario spells differently. */
export class PhasesRead extends History {
  /** The names of own phases, and the actions of others. */
  readonly #read = new Set<string>();

  constructor(history: History) {
    super(history.inOrder());
  }

  override own(name: string) {
    this.#read.add(`own: ${name}`);
    return super.own(name);
  }

  override phases<Name extends ActionName>(...[action, fields]: Parameters<History['phases']>) {
    this.#read.add(action);
    return super.phases(action as Name, fields as never);
  }

  /**
   * Returns the first phase that was read and is not in the record, as a sentence, and whether no phase that was read is
   * in it: then the check has seen nothing. Returns undefined if all of them are.
   */
  missing(): { sentence: string; sawNothing: boolean } | undefined {
    const known = this.all('phase').flatMap(({ data }) => {
      if ('own' in data) return [`own: ${data.own}`];
      return 'action' in data ? [data.action] : [];
    });
    const [first] = this.#read.difference(new Set(known));
    if (first === undefined) return undefined;
    const meant = nearest(first, known);
    const others = known.length === 0 ? '' : ` Recorded are: ${[...new Set(known)].join(', ')}.`;
    const hint = meant === undefined ? others : ` Did you mean "${meant}"?`;
    return {
      sentence: `The check reads the phase "${first}", which the scenario did not begin.${hint}`,
      sawNothing: this.#read.isDisjointFrom(new Set(known)),
    };
  }
}
