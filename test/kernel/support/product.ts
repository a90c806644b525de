import { buildNetwork, type Node } from '../../../server/src/core/dataplane/network.js';
import { detectDialect } from '../../../server/src/core/dialects/registry.js';
import { type HeaderSpace, HeaderSpaceManager } from '../../../server/src/core/headerspace/header-space.js';
import type { Interface } from '../../../server/src/core/model/device.js';
import type { Reading } from '../../../server/src/core/model/reading.js';
import type { Disposition, Fate } from '../../../server/src/core/reachability/disposition.js';
import { evaluate } from '../../../server/src/core/reachability/evaluate.js';
import type { Flow } from '../../../server/src/core/reachability/flow.js';
import { type Reach, reach } from '../../../server/src/core/reachability/reach.js';
import { NodeCache } from '../../../server/src/core/review/devices.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';
import { formatIp, hasPorts, type Packet, type Verdict } from './packet.js';

/** A router as the product sees it: the text of its files by path. */
export type Files = ReadonlyMap<string, string>;

/** What the product says of a packet. */
export interface Told {
  readonly fates: readonly Fate[];
  /** What the symbolic engine says of it: whether it surely gets through, and whether it may. */
  readonly must: boolean;
  readonly may: boolean;
}

const DEVICE = 'gw';

/** The device that the files are; throws where one of them is not known for a configuration. */
export function readDevice(files: Files): Node {
  const sources = [...files].map(([path, text]) => new SourceFile(path, text));
  const around = { find: (pattern: string) => sources.filter((one) => one.path.endsWith(pattern)) };
  const readings = sources.map((source): Reading => {
    const dialect = detectDialect(source);
    if (dialect === undefined) throw new Error(`${source.path} is not known for a configuration.`);
    return dialect.read(source, DEVICE, around);
  });
  const [first, ...others] = readings;
  if (first === undefined) throw new Error('There are no files.');
  const [node] = new NodeCache().nodesOf([{ name: DEVICE, readings: [first, ...others] }]);
  return node as Node;
}

/** What both engines say of the packets. `names` are the interfaces that packets' `iface` counts. */
export function productSays(files: Files, names: readonly string[], packets: readonly Packet[]): Told[] {
  const node = readDevice(files);
  const network = buildNetwork([node]);
  const found = new Map<number, Answer>();
  return packets.map((packet) => {
    const name = names[packet.iface];
    const ingress = node.device.interfaces.find((one) => one.name === name);
    if (ingress === undefined) throw new Error(`The product knows no interface ${name}.`);
    const answer = found.get(packet.iface) ?? ask(node, ingress);
    found.set(packet.iface, answer);
    const flow = flowOf(packet);
    return { fates: evaluate(network, node, ingress, flow), must: answer.must(flow), may: answer.may(flow) };
  });
}

interface Answer {
  must(flow: Flow): boolean;
  may(flow: Flow): boolean;
}

/** Asks the symbolic engine once for all that may come in by an interface. */
function ask(node: Node, ingress: Interface): Answer {
  const manager = new HeaderSpaceManager();
  const network = buildNetwork([node]);
  const found: Reach[] = [];
  const all = [0, 0xffffffff] as const;
  const outlives = reach(
    manager,
    { network, node, ingress, headers: manager.full, clip: { src: all, dst: all }, touched: new Set() },
    (one) => found.push(one),
  );
  if (!outlives || found.length !== 1) throw new Error('The symbolic engine answered in chunks.');
  const [{ must, leaves, delivered }] = found as [Reach];
  const holds = (set: HeaderSpace, flow: Flow) => manager.contains(set, headerOf(flow));
  return {
    must: (flow) => holds(must, flow),
    may: (flow) => holds(leaves.may, flow) || holds(delivered.may, flow),
  };
}

function headerOf(flow: Flow) {
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

function flowOf(packet: Packet): Flow {
  const { src, dst, protocol, srcPort, dstPort, icmpType, icmpCode, tcpFlags, established } = packet;
  return {
    src,
    dst,
    protocol,
    srcPort,
    dstPort,
    icmpType,
    icmpCode,
    tcpFlags,
    state: established ? 'established' : 'new',
  };
}

const STOPPED: readonly Disposition[] = ['denied-in', 'denied-out', 'denied-policy', 'null-routed', 'no-route'];

/** How the product and the kernel differ, in words; undefined where they agree. */
export function difference(told: Told, kernel: Verdict): string | undefined {
  const words = told.fates.map(describeFate).join(' or ');
  const dispositions = new Set(told.fates.map((fate) => fate.disposition));
  const [fate] = told.fates;
  if (fate === undefined || dispositions.size !== 1) return `product: ${words || 'nothing'}`;
  const passes = kernel.kind === 'forwarded';
  if (told.may !== passes || told.must !== passes) return `product, symbolic: must ${told.must}, may ${told.may}`;
  switch (kernel.kind) {
    case 'local':
      return fate.disposition === 'accepted' ? undefined : `product: ${words}`;
    case 'forwarded':
      return told.fates.some((one) => isForwardedSo(one, kernel)) ? undefined : `product: ${words}`;
    default:
      return STOPPED.includes(fate.disposition) ? undefined : `product: ${words}`;
  }
}

function isForwardedSo(fate: Fate, kernel: Verdict & { readonly kind: 'forwarded' }): boolean {
  if (fate.disposition !== 'leaves' && fate.disposition !== 'delivered') return false;
  const { flow, blurred } = fate;
  if (fate.iface?.name !== kernel.iface) return false;
  const ports = hasPorts(flow.protocol) ? (['srcPort', 'dstPort'] as const) : [];
  return (['src', 'dst', ...ports] as const).every((field) => {
    const range = blurred[field];
    return range === undefined
      ? flow[field] === kernel[field]
      : range.first <= kernel[field] && kernel[field] <= range.last;
  });
}

function describeFate({ disposition, iface, flow, hops }: Fate): string {
  const header = `${formatIp(flow.src)}:${flow.srcPort} -> ${formatIp(flow.dst)}:${flow.dstPort}`;
  const path = hops.map((hop) => `${hop.name} ${hop.action}`).join('; ');
  return `${disposition}${iface === undefined ? '' : ` by ${iface.name}`}: ${header} (${path})`;
}
