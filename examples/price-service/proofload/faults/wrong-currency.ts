import { defineFault, z } from 'proofload';

/** Serves prices in another currency, as a shop does after a mistake in its configuration. */
export default defineFault({
  kind: 'wrong-currency',
  does: 'serves prices in another currency',
  effect: 'fails',
  seen: 'body',
  fields: { currency: z.string().length(3).describe('a currency such as USD') },
  create: ({ currency }) => ({
    async answer(_circumstances, respond) {
      const response = await respond();
      const price = (await response.json()) as { price: number };
      return Response.json({ ...price, currency });
    },
  }),
});
