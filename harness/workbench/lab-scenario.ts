/** A scenario as the page offers it. */
export interface LabScenario {
  name: string;
  about: string;
  /** Why it can't be run, where it can't. */
  skipped?: string;
}
