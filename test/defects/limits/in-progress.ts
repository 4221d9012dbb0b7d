import { contractOf } from './contract-of.ts';

/** A service that limits the requests that a client has in progress. */
export default contractOf('in-progress', 'all');
