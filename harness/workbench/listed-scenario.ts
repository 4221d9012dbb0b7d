/** A scenario as the page offers it. */
export interface ListedScenario {
  name: string;
  about: string;
  /** The reason if it cannot run. */
  skipped?: string;
}
