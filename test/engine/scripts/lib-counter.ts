/** State of a module that a script imports: each VU has its own. */
export const state = { count: 0 };
