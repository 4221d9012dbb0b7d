import { contractOf } from './contract-of.ts';

/** A service whose limit counts every request. */
export default contractOf('first-request', 'all');
