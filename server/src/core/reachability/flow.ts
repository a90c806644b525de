import type { ConnectionState } from '../model/header-match.js';
import type { Ip } from '../net/ip.js';

/** One concrete packet's header. Fields that the protocol does not have are 0. */
export interface Flow {
  readonly src: Ip;
  readonly dst: Ip;
  readonly protocol: number;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  /** The TCP flags byte, as on the wire. */
  readonly tcpFlags: number;
  readonly state: ConnectionState;
}
