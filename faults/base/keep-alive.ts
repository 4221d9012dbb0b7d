/**
 * Keeps connections open as long as a provider does, and longer than any scenario pauses. The client should close them
 * first, so that no request is sent on a connection that the server is just closing.
 */
export const keepAlive = { keepAliveTimeout: 120_000 };
