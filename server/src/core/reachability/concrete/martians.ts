import { NEVER_FORWARDED, SELDOM_FORWARDED } from '../../dataplane/martians.js';
import { type Answer, oneMatches } from './match.js';
import type { Packet } from './packet.js';

/** Whether a device that refuses addresses that no host has forwards a packet nowhere. */
export function isRefused({ flow, blurred }: Packet): Answer {
  const never = oneMatches(NEVER_FORWARDED, flow, blurred);
  if (never !== 'no') return never;
  return oneMatches(SELDOM_FORWARDED, flow, blurred) === 'no' ? 'no' : 'maybe';
}
