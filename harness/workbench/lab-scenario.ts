/** A scenario as the page offers it. */
export interface LabScenario {
  name: string;
  about: string;
  /** The reason if it cannot run. */
  skipped?: string;
}
