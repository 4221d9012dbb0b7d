import type { Response } from 'express';
import type { z } from 'zod';

/** A call of the control API, whichever way it came: over HTTP, or from a plan that is replayed. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** One thing that the control API does. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** The path, with `:upstream` and `:id` for what varies. */
  readonly path: string;
  readonly does: string;
  /** The status of its answer; default 200. */
  readonly status?: number;
  /** What it takes, for the documentation. */
  readonly query?: z.ZodRawShape;
  readonly body?: z.ZodType;
  /** Whether it belongs to a run's plan: what it changes acts on the fakes' answers. */
  readonly isPlanned?: boolean;
  /**
   * Validates a call and returns what carries it out.
   *
   * @throws Refusal for a call that is not allowed
   */
  prepare(call: Call): (response: Response) => unknown;
}
