import type { RewrittenField } from '../../model/device.js';
import type { Range } from '../../model/policy.js';
import type { Flow } from '../flow.js';

/** Fields of a packet whose value is one of a range, and it cannot be told which. */
export type Blurred = { readonly [Field in RewrittenField]?: Range };

/** One packet as it is somewhere on its way, and what the device where it is knows of it. */
export interface Packet {
  /** Blurred fields have any one of their values here. */
  readonly flow: Flow;
  readonly blurred: Blurred;
  /** As it came into the device. */
  readonly entered: { readonly flow: Flow; readonly blurred: Blurred };
  /** Undefined: it cannot be told. */
  readonly mark: number | undefined;
  readonly connectionMark: number | undefined;
  readonly tracked: boolean;
  readonly translated: { readonly src: boolean; readonly dst: boolean };
  /** Whether that was asked for already, though it may have changed nothing: it is asked for once. */
  readonly settled: { readonly src: boolean; readonly dst: boolean };
  /** Redirected to the device itself, by an address that no file says. */
  readonly toSelf: boolean;
}

/** The packet as it comes into a device, which knows nothing of it yet. */
export function entering(flow: Flow, blurred: Blurred): Packet {
  return {
    flow,
    blurred,
    entered: { flow, blurred },
    mark: 0,
    // A known connection may have been marked by its first packet.
    connectionMark: flow.state === 'new' ? 0 : undefined,
    tracked: true,
    translated: { src: false, dst: false },
    settled: { src: false, dst: false },
    toSelf: false,
  };
}

/** The packet with a field set to one of a range of values. */
export function withField(packet: Packet, field: RewrittenField, { first, last }: Range): Packet {
  const { [field]: _, ...others } = packet.blurred;
  return {
    ...packet,
    flow: { ...packet.flow, [field]: first },
    blurred: first === last ? others : { ...others, [field]: { first, last } },
  };
}
