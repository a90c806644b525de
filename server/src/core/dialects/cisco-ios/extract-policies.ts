import { StatementState } from '../../text/statements.js';
import type { IosInterface } from './config.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';

/** Reads `policy-map NAME`; the words stand behind `policy-map`. Policies of other types are known lines. */
export function readPolicyMapHeader(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  const name = words.take();
  if (negated || name === undefined || words.is('type') || !words.done) return NOT_MINE;
  reader.enter('policy-map');
  const policy = config.policyMaps.get(name) ?? { drops: false, children: [] };
  config.policyMaps.set(name, policy);
  reader.policyMap = policy;
  return StatementState.ignored;
}

/**
 * Notes what a line of a policy map means for the packets of its class. Shaping and policing delay
 * and thin out; `drop`, and policing that drops what conforms as well, let nothing through.
 */
export function notePolicyLine(reader: Reader): void {
  const { words, policyMap } = reader;
  if (policyMap === undefined || reader.begin()) return;
  if (words.accept('drop') && words.done) {
    policyMap.drops = true;
  } else if (words.accept('service-policy', 9)) {
    const child = words.take();
    if (child !== undefined) policyMap.children.push(child);
  } else {
    while (words.next()) if (words.is('conform-action', 5) && words.accept('drop')) policyMap.drops = true;
  }
}

/** Reads `service-policy input|output NAME` of an interface; the words stand behind `service-policy`. */
export function readServicePolicy(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  const direction = words.accept('input', 2) ? 'in' : words.accept('output', 1) ? 'out' : undefined;
  if (direction === undefined || !words.next()) return NOT_MINE;
  const name = words.word();
  const at = iface.servicePolicies.findIndex((policy) => policy.direction === direction && policy.name === name);
  if (at !== -1) iface.servicePolicies.splice(at, 1);
  if (!negated) iface.servicePolicies.push({ name, direction, origin: reader.lineOrigin() });
  return StatementState.ignored;
}
