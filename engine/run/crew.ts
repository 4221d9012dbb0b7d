/** Who runs the scenarios of a test: the VUs of this thread, or those of several. */
export interface Crew {
  /**
   * Makes the VUs.
   *
   * @throws EngineError SCRIPT_EXCEPTION where the script fails to evaluate for one.
   */
  prepare(): Promise<void>;
  /**
   * Runs all scenarios to their end.
   *
   * @param setupData What setup() returned, as JSON.
   */
  run(setupData: string | undefined): Promise<void>;
  /** Ends all connections, and threads. */
  close(): Promise<void>;
}
