import type { Interface } from '../model/device.js';
import type { Origin } from '../model/origin.js';
import type { Ip } from '../net/ip.js';
import type { Blurred } from './concrete/packet.js';
import type { Flow } from './flow.js';

/** The fate of a packet. */
export type Disposition =
  | 'leaves'
  | 'delivered'
  | 'denied-in'
  | 'denied-out'
  | 'denied-policy'
  | 'null-routed'
  | 'no-route'
  | 'loop'
  | 'accepted';

/** Whether a packet of this fate has got where it wanted to go. */
export function passes(disposition: Disposition): boolean {
  return disposition === 'leaves' || disposition === 'delivered' || disposition === 'accepted';
}

export type Step =
  | 'enter'
  | 'filter-in'
  | 'translate'
  | 'route'
  | 'policy'
  | 'filter-out'
  | 'leave'
  | 'deliver'
  | 'accept';

/** One step of a packet's path: what was asked, what answered, and the answer. */
export interface Hop {
  readonly device: string;
  readonly step: Step;
  /** The interface, list or route. */
  readonly name: string;
  /** In words: `permitted by "10 permit ip any any"`. */
  readonly action: string;
  /** Absent where no line says it. */
  readonly origin?: Origin;
  /** For filter steps: the deciding entry of the applied filter. */
  readonly entry?: FilterEntry;
}

/** An entry of an applied filter, or a rule of a policy. */
export interface FilterEntry {
  readonly device: string;
  /** Which filter of the device it is: see `filterKey`; of a policy, its name. */
  readonly filter: string;
  /** The name of the list, or the key of the chain. */
  readonly acl: string;
  /** Position in the list, in the order of evaluation; behind a chain's last rule, the policy's end. */
  readonly index: number;
}

/** One possible end of a packet. */
export interface Fate {
  readonly disposition: Disposition;
  readonly device: string;
  /** Where it ends: the interface it leaves by, is delivered on, or is denied at. */
  readonly iface?: Interface;
  readonly nextHop?: Ip;
  readonly hops: readonly Hop[];
  readonly assumptions: readonly Assumption[];
  /** The header as it is there, after all translations. */
  readonly flow: Flow;
  /** Fields of it that may have any value of a range. */
  readonly blurred: Blurred;
}

/** Something that was taken for granted on the way. */
export interface Assumption {
  readonly words: string;
  /** The line that leaves it open; absent where no line does. */
  readonly origin?: Origin;
}
