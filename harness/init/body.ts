import { basename } from 'node:path';
import { z } from 'zod';
import type { ContractFile } from '../contract/contract.ts';
import { json } from './answers.ts';

type Body = Pick<ContractFile['endpoints'][string], 'body' | 'form' | 'text' | 'file'>;

/** The forms in which a body can be entered, for the question. */
export const BODY_FORMS = 'JSON, "form a=1&b=2", "text …", "file ./cat.png image/png"';

/** The body of a request, in one of the forms in `BODY_FORMS`. The media type of a file is optional. */
export const body: z.ZodType<Body, string> = z
  .string()
  .trim()
  .transform((entered, { addIssue }): Body => {
    const [, kind = '', rest = ''] = /^(form|text|file)\s+(.+)$/s.exec(entered) ?? [];
    const found = kind === 'form' ? formOf(rest) : kind === 'file' ? fileOf(rest) : undefined;
    if (found) return found;
    if (kind === 'text') return { text: rest };
    const parsed = json.safeParse(entered);
    if (parsed.success) return { body: parsed.data };
    addIssue(`one of: ${BODY_FORMS}`);
    return z.NEVER;
  });

/** Returns the fields of an encoded form, or undefined if one of them has no value or occurs twice. */
function formOf(encoded: string): Body | undefined {
  const isForm = encoded.split('&').every((field) => /^[^=\s]+=\S*$/.test(field));
  const fields = [...new URLSearchParams(encoded)];
  const form = Object.fromEntries(fields);
  return isForm && Object.keys(form).length === fields.length ? { form } : undefined;
}

function fileOf(entered: string): Body | undefined {
  const [, path = '', type] = /^(\S+)(?:\s+([\w.+-]+\/[\w.+-]+))?$/.exec(entered) ?? [];
  return path === '' ? undefined : { file: { name: basename(path), path, ...(type !== undefined && { type }) } };
}
