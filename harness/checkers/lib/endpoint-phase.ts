/** Returns the name of the phase in which a script calls one endpoint, once. */
export const phaseOf = (endpoint: string): string => `endpoint ${endpoint}`;
