import { type HttpHandler, HttpResponse, http } from 'msw';
import { refuseUnauthenticated } from './authentication.ts';

/** `GET /v1/ping/`: whether the key is good, and whose it is. */
export const ping: HttpHandler = http.get('*/v1/ping/', ({ request }) => {
  const account = {
    status: 'ok',
    org_id: 'org_proofload',
    project_id: 'proj_proofload',
    user_email: 'lab@proofload.invalid',
  };
  return refuseUnauthenticated(request) ?? HttpResponse.json(account);
});
