import type { HeaderSpace } from '../../headerspace/header-space.js';
import type { AppliedFilter, Device, Interface } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import type { Policy } from '../../model/policy.js';
import type { Rewriting } from './rewriting.js';

/** What ends headers: a rule or the end of a policy, the lists of a filter, or what one line says. */
export type StopPlace =
  | {
      readonly kind: 'rule';
      readonly device: Device;
      readonly policy: Policy;
      readonly chain: string;
      /** Behind the chain's last rule, the policy's end. */
      readonly index: number;
    }
  | {
      readonly kind: 'filter';
      readonly device: Device;
      readonly iface: Interface;
      readonly filter: AppliedFilter;
      /** What was done to the headers before. */
      readonly rewriting: Rewriting;
      /** Whether all that may have come surely did. */
      readonly isCertain: boolean;
    }
  | {
      readonly kind: 'line';
      readonly device: Device;
      /** The interface or route. */
      readonly name: string;
      /** Absent where no line says it. */
      readonly origin?: Origin;
    };

/** A place where headers end that do not get through there. */
export interface Stop {
  readonly place: StopPlace;
  readonly came: HeaderSpace;
  /** Of what came, at most all but this ends here. */
  readonly passed: HeaderSpace;
  /** Whether any of it surely does, if it comes here. */
  readonly isSure: boolean;
}
