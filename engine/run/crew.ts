/** Runs the scenarios of a test on the VUs of this thread, or of several threads. */
export interface Crew {
  /**
   * Creates the VUs.
   *
   * @throws EngineError SCRIPT_EXCEPTION if the script's evaluation fails for one of them.
   */
  prepare(): Promise<void>;
  /**
   * Runs all scenarios to their end.
   *
   * @param setupData The result of setup(), as JSON.
   */
  run(setupData: string | undefined): Promise<void>;
  /** Closes all connections and ends all threads. */
  close(): Promise<void>;
}
