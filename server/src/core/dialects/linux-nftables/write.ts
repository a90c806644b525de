import type { DialectWriter } from '../dialect.js';
export const writer: DialectWriter = {};
