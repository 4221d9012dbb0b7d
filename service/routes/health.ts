import type { RequestHandler } from 'express';
import type { Dependencies } from '../dependencies/dependencies.ts';

/** `GET /health`: answers for the process alone, so that a failing upstream or database doesn't get it restarted. */
export function health({ breakers }: Dependencies): RequestHandler {
  return (_request, response) => {
    response.json({ status: 'ok', breakers: { llm: breakers.llm.state, memory: breakers.memory.state } });
  };
}
