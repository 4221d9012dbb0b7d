import { type Dispatcher, FormData, request } from 'undici';
import { MOST_BODY_BYTES } from '../../faults/base/whole-body.ts';
import type { Composed } from '../callers/compose-request.ts';
import { meaningOf } from '../callers/meaning-of.ts';
import type { Upload } from '../contract/requests.ts';
import type { Meaning } from '../contract/schema/meanings.ts';

/**
 * Sends a request from Node and reads the whole response. Returns the status for which it stands, or 0 if there is no
 * complete response of at most 16 MiB.
 *
 * @param origin The address of the service.
 * @param meanings The endpoint's conditions on responses, if it has any.
 */
export async function send(
  origin: string,
  { method, path, headers, body, upload }: Composed,
  dispatcher: Dispatcher,
  meanings: readonly Meaning[] | undefined,
): Promise<number> {
  try {
    const response = await request(origin + path, {
      method,
      headers,
      dispatcher,
      body: upload ? formOf(upload) : body,
    });
    const { statusCode: status, headers: received } = response;
    const read: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > MOST_BODY_BYTES) return 0;
      if (meanings) read.push(chunk);
    }
    if (!meanings) return status;
    return meaningOf(meanings, { status, headers: received, body: Buffer.concat(read).toString() }).status;
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
