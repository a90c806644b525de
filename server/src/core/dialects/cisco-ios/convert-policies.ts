import type { Device } from '../../model/device.js';
import type { Chain, Policy } from '../../model/policy.js';
import type { IosConfig } from './config.js';
import { convertLayer2 } from './convert-layer2.js';
import { convertZones } from './convert-zones.js';

/** Policies, and the chains that they start in. */
export interface PolicyPart {
  readonly policies: readonly Policy[];
  readonly chains: readonly Chain[];
}

/**
 * What the device does with all that it forwards; nothing is there where nothing is configured.
 * @param nat its translations
 */
export function convertPolicies(config: IosConfig, nat: PolicyPart): Pick<Device, 'policies' | 'chains' | 'switched'> {
  const { switched, ...layer2 } = convertLayer2(config);
  const parts: readonly PolicyPart[] = [nat, convertZones(config), layer2];
  const policies = parts.flatMap((part) => part.policies);
  if (policies.length === 0) return {};
  return {
    policies,
    chains: new Map(parts.flatMap((part) => part.chains.map((chain) => [chain.key, chain]))),
    ...(switched.length === 0 ? {} : { switched }),
  };
}
