import type { Response } from 'express';
import type { z } from 'zod';

/** A call of the control API, from HTTP or from a plan. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** An operation of the control API. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** The path; `:upstream` and `:id` are parameters. */
  readonly path: string;
  readonly does: string;
  /** The status of the response; default 200. */
  readonly status?: number;
  /** The query parameters, for documentation. */
  readonly query?: z.ZodRawShape;
  readonly body?: z.ZodType;
  /** Whether it belongs to a run's plan because it affects the fakes' responses. */
  readonly isPlanned?: boolean;
  /**
   * Validates a call and returns a function that runs it.
   *
   * @throws Refusal if the call is not valid
   */
  prepare(call: Call): (response: Response) => unknown;
}
