/** Runs a test's scenarios on the VUs of one or several threads. */
export interface Crew {
  /**
   * Creates the VUs.
   *
   * @throws EngineError SCRIPT_EXCEPTION if evaluating the script fails for one of them
   */
  prepare(): Promise<void>;
  /**
   * Runs all scenarios to completion.
   *
   * @param setupData The result of `setup()` as JSON.
   */
  run(setupData: string | undefined): Promise<void>;
  /** Closes all connections and stops all threads. */
  close(): Promise<void>;
}
