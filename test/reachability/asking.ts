import assert from 'node:assert/strict';
import type { Network, Node } from '../../server/src/core/dataplane/network.js';
import type { Header, HeaderSpaceManager } from '../../server/src/core/headerspace/header-space.js';
import type { Interface } from '../../server/src/core/model/device.js';
import { firstIp, lastIp, type Prefix } from '../../server/src/core/net/prefix.js';
import type { Flow } from '../../server/src/core/reachability/flow.js';
import { type Reach, reach } from '../../server/src/core/reachability/reach.js';

/** What the symbolic engine says of all that comes in by an interface from one prefix to another. */
export function askAll(
  manager: HeaderSpaceManager,
  network: Network,
  node: Node,
  ingress: Interface,
  from: Prefix,
  to: Prefix,
): Reach {
  const src = [firstIp(from), lastIp(from)] as const;
  const dst = [firstIp(to), lastIp(to)] as const;
  const headers = manager.fromBox({ src: [src], dst: [dst] });
  const found: Reach[] = [];
  reach(manager, { network, node, ingress, headers, clip: { src, dst }, touched: new Set() }, (one) => found.push(one));
  assert.equal(found.length, 1, 'answered in one piece');
  return found[0] as Reach;
}

/** The point of the header space that a packet is. */
export function headerOf(flow: Flow): Header {
  return {
    src: flow.src,
    dst: flow.dst,
    protocol: flow.protocol,
    srcPort: flow.srcPort,
    dstPort: flow.dstPort,
    icmp: flow.icmpType * 256 + flow.icmpCode,
    tcpFlags: flow.tcpFlags,
    state: flow.state === 'new' ? 0 : 1,
  };
}
