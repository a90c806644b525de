import type { PortRange } from '../model/header-match.js';
import type { Prefix } from '../net/prefix.js';

/** An advisory document: what must not be possible, as data. */
export interface Advisory {
  /** The document's own number: `ICSMA-25-030-01`. */
  readonly id: string;
  readonly title: string;
  readonly flows: readonly AdvisoryFlow[];
}

/** One class of traffic that must not be possible. */
export interface AdvisoryFlow {
  /** Unique in its advisory: `outbound`. */
  readonly name: string;
  /** Who opens the connection: the devices, to the destinations; or anything outside, to the devices. */
  readonly direction: 'to-destinations' | 'to-segment';
  /** What is to be blocked whole; none where the segment is the destination. */
  readonly destinations: readonly Prefix[];
  /** Only to a segment: whom the advisory names among all that is outside. */
  readonly sources?: readonly Prefix[];
  /** The hard-coded addresses among the destinations or sources, each as a /32. */
  readonly hosts: readonly Prefix[];
  /** Absent: any protocol. */
  readonly protocol?: number;
  /** Only with a protocol that has ports; absent: any. */
  readonly dstPorts?: readonly PortRange[];
  /** What such a packet usually is. It decides nothing; a witness is made to look like it. */
  readonly usual?: { readonly protocol: number; readonly dstPort: number };
}
