import { HttpResponse, http } from 'msw';

interface Charge {
  amount: number;
  currency: string;
}

let charges = 0;

/** The team's own handlers, as its unit tests use them with `setupServer(...handlers)`. */
export const handlers = [
  http.post<never, Charge>('https://api.payments.example/v1/charges', async ({ request }) => {
    if (!request.headers.get('authorization')) return HttpResponse.json({ error: 'no key' }, { status: 401 });
    const { amount, currency } = await request.json();
    charges += 1;
    return HttpResponse.json({ id: `ch_${charges}`, amount, currency, status: 'succeeded' }, { status: 201 });
  }),
];
