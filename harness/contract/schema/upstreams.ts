import { z } from 'zod';
import { declaredUpstream } from '../../../mocks/declared-upstream.ts';

/** Names that have a different meaning in the control API and in histories. */
const RESERVED = ['database', 'all'];

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/i, 'a name has letters, digits and dashes, and begins with a letter')
  .refine((text) => !RESERVED.includes(text), `${RESERVED.join(' and ')} can't be names of upstreams`);

/** The upstreams that the lab starts for the service. */
export const upstreams = z
  .record(name, declaredUpstream)
  .describe('the upstreams that the lab starts for the service, by name; ${upstream.NAME} is the address of one');
