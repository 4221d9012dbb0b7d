import { z } from 'zod';
import { acceptedByDesign, certificateKinds } from '../../../faults/certificates/certificate-kinds.ts';

/** The upstream certificates that the service must reject. */
export const tls = z.strictObject({
  refused: z
    .array(z.enum(certificateKinds).exclude(['trusted']))
    .default(certificateKinds.filter((kind) => kind !== 'trusted').filter((kind) => !acceptedByDesign.includes(kind)))
    .describe(
      `kinds of upstream certificates that the service must reject; default: all except ${acceptedByDesign.join(', ')}, ` +
        'which Node 20, Go and Java accept by design',
    ),
  refusal: z
    .int()
    .optional()
    .describe(
      'the status of a request if an upstream presents such a certificate; default: any status that is not served',
    ),
});
