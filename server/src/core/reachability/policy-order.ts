import type { Device } from '../model/device.js';
import type { Hook, Policy, Rules } from '../model/policy.js';

/** The policies of a hook in the order in which they run. */
export function policiesAt(device: Device, hook: Hook): readonly Policy[] {
  return (device.policies ?? []).filter((policy) => policy.hook === hook).sort((a, b) => a.priority - b.priority);
}

const known = new WeakMap<Policy, ReadonlyMap<string, Uint32Array>>();

/**
 * Numbers the rules of a policy in the order in which a packet may meet them first, by chain and by
 * position in it; the place behind a chain's last rule has a number too.
 */
export function chainOrder(device: Device, policy: Policy): ReadonlyMap<string, Uint32Array> {
  const before = known.get(policy);
  if (before !== undefined) return before;
  const order = new Map<string, Uint32Array>();
  const calls: { readonly rules: Rules; readonly numbers: Uint32Array; readonly leadsOn: boolean; at: number }[] = [];
  const enter = (key: string): void => {
    const chain = order.has(key) ? undefined : device.chains?.get(key);
    if (chain === undefined) return;
    const { rules } = chain;
    const numbers = new Uint32Array(rules.length + 1);
    order.set(key, numbers);
    const leadsOn = rules.acts === undefined || rules.acts.has('jump') || rules.acts.has('goto');
    calls.push({ rules, numbers, leadsOn, at: 0 });
  };
  enter(policy.chain);
  let next = 0;
  while (calls.length > 0) {
    const call = calls[calls.length - 1] as (typeof calls)[number];
    call.numbers[call.at] = next;
    next += 1;
    const action = call.leadsOn ? call.rules.at(call.at)?.action : undefined;
    call.at += 1;
    if (call.at === call.numbers.length) calls.pop();
    if (action?.kind === 'jump' || action?.kind === 'goto') enter(action.chain);
  }
  known.set(policy, order);
  return order;
}
