import { contractOf } from './contract-of.ts';

/** A service whose limit counts every request. */
export default contractOf('all', 'first-request');
