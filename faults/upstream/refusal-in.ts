import { jsonIn } from '../base/json-in.ts';
import { type Answer, TextAnswer } from './text-answer.ts';

/** An error of an upstream in its own words. */
export interface OwnError {
  /** Its code, or its type if it has none, such as `model_not_found`. */
  readonly code?: string;
  readonly message: string;
  /** The model that the request named, if it named one. */
  readonly model?: string;
}

/** The longest message that is kept. */
const LONGEST = 500;

/**
 * Returns the error in a response of an upstream that rejected a request with a 4xx, or undefined if it is no such
 * response, or its body is no JSON with a message. The body stays unread.
 *
 * @param request The parsed body of the request.
 */
export async function refusalIn(answer: Answer, request: unknown): Promise<OwnError | undefined> {
  if (answer.status < 400 || answer.status >= 500) return undefined;
  const text = answer instanceof TextAnswer ? answer.text : await answer.clone().text();
  const body = Object(jsonIn(text));
  const error = typeof body.error === 'object' ? body.error : body;
  const { code, type, message = body.detail } = error ?? {};
  if (typeof message !== 'string') return undefined;
  const known = [code, type].find((name) => typeof name === 'string');
  const { model } = Object(request);
  return {
    ...(known !== undefined && { code: known }),
    message: message.slice(0, LONGEST),
    ...(typeof model === 'string' && { model }),
  };
}
