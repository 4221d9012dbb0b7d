import type { Response } from 'express';
import type { z } from 'zod';

/** A call to the control API. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** An operation in the control API. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** The path. `:upstream` and `:id` are parameters. */
  readonly path: string;
  readonly does: string;
  /** The response status. Defaults to 200. */
  readonly status?: number;
  /** The query parameters, for documentation. */
  readonly query?: z.ZodRawShape;
  readonly body?: z.ZodType;
  /**
   * Validates a call and returns a function that executes it.
   *
   * @throws Refusal if the call is invalid
   */
  prepare(call: Call): (response: Response) => unknown;
}
