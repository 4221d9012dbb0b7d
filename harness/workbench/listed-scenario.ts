/** A scenario as shown on the page. */
export interface ListedScenario {
  name: string;
  about: string;
  /** Why it can't run, if so. */
  skipped?: string;
}
