/**
 * The network of clients with public addresses. It is reserved for documentation (TEST-NET-3), so nobody trusts it, and
 * exists only in a network namespace of the lab.
 */
export const PUBLIC_NETWORK = '203.0.113.0/24';
