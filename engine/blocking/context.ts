import type { Statement } from 'acorn';
import type { Node } from './syntax.ts';

/** How a function's code runs: in steps, as native async, synchronously, or once during module evaluation. */
export type Mode = 'steps' | 'async' | 'once' | 'module';

/** A wait in a place that can't wait. */
export interface Problem {
  /** Offset in the source, from 0. */
  readonly offset: number;
  /** The surrounding construct, such as `a getter`. */
  readonly construct: string;
}

/** Code to put at the start of a list of statements for the functions declared in it. */
export interface Hoisted {
  readonly bodies: Statement[];
  /** Expressions that link each function to its body. */
  readonly definitions: Node[];
}

/** The surroundings of a node, as far as they affect rewriting. */
export interface Context {
  readonly mode: Mode;
  /** The reason why code that runs synchronously can't wait. */
  readonly construct: string;
  /** Private methods that run in steps, and whether they are async. */
  readonly privates: ReadonlyMap<string, boolean>;
  /** Of the enclosing list of statements. */
  readonly hoisted: Hoisted | null;
  /** Variables for the enclosing function. Every call has a separate set, since getters can call functions too. */
  readonly variables: Set<string>;
}

/** Rewrites a node. @returns The replacement. */
export type Visit = (node: Node, context: Context, parent: Node) => Node;
