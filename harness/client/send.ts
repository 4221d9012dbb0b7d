import { type Dispatcher, FormData, request } from 'undici';
import { MOST_BODY_BYTES } from '../../faults/base/whole-body.ts';
import type { Composed } from '../callers/compose-request.ts';
import type { Upload } from '../contract/requests.ts';

/**
 * Sends a request from Node and reads the whole response. Returns its status, or 0 if there is no complete response of
 * at most 16 MiB.
 *
 * @param origin The address of the service.
 */
export async function send(
  origin: string,
  { method, path, headers, body, upload }: Composed,
  dispatcher: Dispatcher,
): Promise<number> {
  try {
    const response = await request(origin + path, {
      method,
      headers,
      dispatcher,
      body: upload ? formOf(upload) : body,
    });
    let bytes = 0;
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > MOST_BODY_BYTES) return 0;
    }
    return response.statusCode;
  } catch {
    return 0;
  }
}

function formOf({ field, name, type, fields, content, base64 }: Upload): FormData {
  const form = new FormData();
  for (const [key, text] of Object.entries(fields)) form.set(key, text);
  const data = base64 === undefined ? (content ?? '') : Buffer.from(base64, 'base64');
  form.set(field, new File([data], name, { type }));
  return form;
}
