import { contractOf } from './contract-of.ts';

/** A service whose limit is a bucket of tokens. */
export default contractOf('token-bucket', 'all');
