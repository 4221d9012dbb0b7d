import { z } from 'zod';
import { certificateKinds } from '../../../faults/certificates/certificate-kinds.ts';

/** The upstream certificates that the service must reject. */
export const tls = z.strictObject({
  refused: z
    .array(z.enum(certificateKinds).exclude(['trusted']))
    .default(certificateKinds.filter((kind) => kind !== 'trusted'))
    .describe('kinds of upstream certificates that the service must reject; default: all kinds that the lab has'),
  refusal: z.int().optional().describe('the status of a request if an upstream presents such a certificate'),
});
