import type { Device } from '../../model/device.js';
import type { Chain, Policy, PolicyRule } from '../../model/policy.js';
import type { ForwardingSwitch, LinuxConfig } from './config.js';

/** The name of the policy, and the key of its chain. */
export const FORWARDING = 'net.ipv4.ip_forward';
/** Before all that is asked about a packet that is forwarded. */
const FIRST = -2_147_483_648;

/** What is switched off is a policy that drops: for all that comes in, or by an interface. */
export function convertForwarding(config: LinuxConfig): Pick<Device, 'policies' | 'chains'> {
  let all: ForwardingSwitch | undefined;
  let later: ForwardingSwitch | undefined;
  const own = new Map<string, ForwardingSwitch>();
  for (const one of config.forwarding) {
    if (one.iface === 'all') {
      all = one;
      later = undefined;
      own.clear();
    } else if (one.iface === 'default') later = one;
    else own.set(one.iface, one);
  }
  const isOff = all?.on === false;
  const rules: PolicyRule[] = [];
  for (const { iface, on, origin } of own.values()) {
    if (on === isOff) {
      const action = on ? ({ kind: 'accept' } as const) : ({ kind: 'drop' } as const);
      rules.push({ tests: [{ kind: 'in', names: [iface], negated: false }], action, origin });
    }
  }
  if (later !== undefined && later.on === isOff) {
    const words = `"${later.origin.label}" is for interfaces that are made later`;
    const action = later.on ? ({ kind: 'accept' } as const) : ({ kind: 'drop' } as const);
    rules.push({ tests: [{ kind: 'undecidable', words }], action, origin: later.origin });
  }
  const doubt = config.forwardingDoubt;
  const origin = (isOff ? all?.origin : rules[0]?.origin) ?? all?.origin;
  if (origin === undefined || (!isOff && rules.length === 0)) return {};
  if (isOff && doubt !== undefined) {
    rules.push({ tests: [{ kind: 'undecidable', words: doubt }], action: { kind: 'drop' }, origin });
  }
  const chain: Chain = { key: FORWARDING, name: FORWARDING, rules, origin };
  const policy: Policy = {
    name: FORWARDING,
    hook: 'forward',
    priority: FIRST,
    purpose: 'filter',
    beforeTracking: false,
    chain: FORWARDING,
    end: { action: isOff && doubt === undefined ? 'drop' : 'accept', origin },
  };
  return { policies: [policy], chains: new Map([[FORWARDING, chain]]) };
}
