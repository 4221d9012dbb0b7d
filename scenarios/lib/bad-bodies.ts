/** Returns a body that is not JSON, and a JSON body of another type than the endpoint's, each with why it is rejected. */
export const badBodies = (body: unknown): (readonly [why: 'malformed' | 'invalid', body: string])[] => [
  ['malformed', '{"'],
  ['invalid', Array.isArray(body) ? '{}' : '[]'],
];
