import { HttpResponse } from 'msw';
import { type Route, route } from '../../../faults/upstream/route.ts';
import { answer, type Fake } from './answer.ts';

/** `GET …/models` */
export const listModels = (fake: Fake): Route =>
  route.get(`*${fake.dialect.basePath}/models`, ({ request }) =>
    answer(fake, request, () => {
      const data = [...fake.state.models.values()].map(({ card }) => card);
      return HttpResponse.json({ object: 'list', data });
    }),
  );

/** `GET …/models/{id}`. The slash in an ID may be encoded as `%2F`. */
export const getModel = (fake: Fake): Route =>
  route.get(`*${fake.dialect.basePath}/models/*`, ({ request }) =>
    answer(fake, request, () => {
      const [, id = ''] = new URL(request.url).pathname.split(`${fake.dialect.basePath}/models/`);
      const found = fake.state.models.get(id.replaceAll(/%2F/gi, '/'));
      return found ? HttpResponse.json(found.card) : fake.dialect.errors.unknownModel(id);
    }),
  );
