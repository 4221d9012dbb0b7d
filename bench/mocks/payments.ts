import { HttpResponse, http } from 'msw';

/** Handlers for a payment API, like the ones a team would write for its unit tests. */
export const handlers = [
  http.post<never, { amount: number }>('https://api.payments.example/v1/charges', async ({ request }) => {
    const { amount } = await request.json();
    return HttpResponse.json({ id: 'ch_1', amount, status: 'succeeded' }, { status: 201 });
  }),
];
