import type { Statement } from 'acorn';
import type { Node } from './syntax.ts';

/** How code runs: in steps, synchronously, or once during module evaluation. */
export type Mode = 'steps' | 'once' | 'module';

/** Something that can't be rewritten. */
export interface Problem {
  /** Zero-based offset in the source. */
  readonly offset: number;
  /** For example `a blocking call in a getter`. */
  readonly what: string;
}

/** Code to insert at the start of a statement list for the functions declared in it. */
export interface Hoisted {
  readonly bodies: Statement[];
  /** Expressions that link each function to its body. */
  readonly definitions: Node[];
}

/** A function whose `arguments` and `super` its arrow functions may use. */
interface Owner {
  /** Those that they use. */
  readonly used: Set<'arguments' | 'super'>;
}

/** The context of a node that affects how it is rewritten. */
export interface Context {
  readonly mode: Mode;
  /** Why code that runs synchronously can't block. */
  readonly construct: string;
  /** Private methods that were rewritten as generators, and whether they are async. */
  readonly privates: ReadonlyMap<string, boolean>;
  /** The enclosing function that has `arguments` and `super`. */
  readonly owner: Owner | null;
  /** Whether that function is an outer one, because this one was an arrow function. */
  readonly isArrow: boolean;
  /** The code to insert into the enclosing statement list. */
  readonly hoisted: Hoisted | null;
  /** Names of variables to declare in the enclosing function. Each call has its own set. */
  readonly variables: Set<string>;
}

/**
 * Rewrites a node.
 *
 * @returns The replacement.
 */
export type Visit = (node: Node, context: Context, parent: Node) => Node;
