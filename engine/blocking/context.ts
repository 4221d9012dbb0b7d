import type { Statement } from 'acorn';
import type { Node } from './syntax.ts';

/** How a function runs: in steps, as native async code, synchronously, or once during module evaluation. */
export type Mode = 'steps' | 'async' | 'once' | 'module';

/** A blocking call in a place that can't block. */
export interface Problem {
  /** Zero-based offset in the source. */
  readonly offset: number;
  /** The surrounding construct, for example `a getter`. */
  readonly construct: string;
}

/** Code to insert at the start of a statement list for the functions declared in it. */
export interface Hoisted {
  readonly bodies: Statement[];
  /** Expressions that link each function to its body. */
  readonly definitions: Node[];
}

/** The context of a node that affects how it is rewritten. */
export interface Context {
  readonly mode: Mode;
  /** Why code that runs synchronously can't block. */
  readonly construct: string;
  /** Private methods that were rewritten as generators, mapped to whether they are async. */
  readonly privates: ReadonlyMap<string, boolean>;
  /** The code to insert into the enclosing statement list. */
  readonly hoisted: Hoisted | null;
  /**
   * Names of variables to declare in the enclosing function. Each call has its own set, since getters can also call
   * functions.
   */
  readonly variables: Set<string>;
}

/**
 * Rewrites a node.
 *
 * @returns The replacement.
 */
export type Visit = (node: Node, context: Context, parent: Node) => Node;
