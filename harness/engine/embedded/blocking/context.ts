/** How a function's code is run: in steps, natively async, at once, or once only when its module is evaluated. */
export type Mode = 'steps' | 'async' | 'once' | 'module';

/** A wait in a place that can't be carried over. */
export interface Problem {
  /** Of the source, from 0. */
  readonly offset: number;
  /** What it stands in, such as `a getter`. */
  readonly construct: string;
}

/** Where a node stands, as far as it matters to how it is rewritten. */
export interface Context {
  readonly mode: Mode;
  /** Why code that runs at once can't wait. */
  readonly construct: string;
  /** Private methods that run in steps, and whether they are async. */
  readonly privates: ReadonlyMap<string, boolean>;
  /** Collects statements for the start of the block around. */
  readonly define: ((statement: string) => void) | null;
}
