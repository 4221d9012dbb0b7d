import { bearer } from '../../faults/control/guard.ts';
import { fetchDirectly } from '../base/fetch-directly.ts';

/**
 * Returns a function that calls a control API and returns its answer.
 *
 * @throws Error with the message of a refusal
 */
export function askControl(url: string, token: string) {
  return async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetchDirectly(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...bearer(token) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new Error(answer.error.message);
    return answer;
  };
}
