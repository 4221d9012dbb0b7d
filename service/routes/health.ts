import type { RequestHandler } from 'express';
import type { Dependencies } from '../dependencies/dependencies.ts';

/**
 * `GET /health`: reports only on the process itself, so that a failing upstream or database does not cause a restart.
 */
export function health({ breakers }: Dependencies): RequestHandler {
  return (_request, response) => {
    response.json({ status: 'ok', breakers: { llm: breakers.llm.state, memory: breakers.memory.state } });
  };
}
