import { HttpResponse, http } from 'msw';

/** The handlers of a payment API, as a team has them for its unit tests. */
export const handlers = [
  http.post<never, { amount: number }>('https://api.payments.example/v1/charges', async ({ request }) => {
    const { amount } = await request.json();
    return HttpResponse.json({ id: 'ch_1', amount, status: 'succeeded' }, { status: 201 });
  }),
];
