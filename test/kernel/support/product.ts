import { buildNetwork, type Node } from '../../../server/src/core/dataplane/network.js';
import { detectDialect } from '../../../server/src/core/dialects/registry.js';
import {
  type Header,
  type HeaderSpace,
  HeaderSpaceManager,
} from '../../../server/src/core/headerspace/header-space.js';
import type { Interface } from '../../../server/src/core/model/device.js';
import type { Reading } from '../../../server/src/core/model/reading.js';
import { TcpFlag } from '../../../server/src/core/net/protocols.js';
import type { Disposition, Fate } from '../../../server/src/core/reachability/disposition.js';
import { evaluate } from '../../../server/src/core/reachability/evaluate.js';
import type { Flow } from '../../../server/src/core/reachability/flow.js';
import { type Reach, reach } from '../../../server/src/core/reachability/reach.js';
import type { TraceOutput } from '../../../server/src/core/report.js';
import { NodeCache } from '../../../server/src/core/review/devices.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';
import { Workspace } from '../../../server/src/core/workspace.js';
import { headerOf } from '../../reachability/asking.js';
import { formatIp, hasPorts, ICMP, type Packet, TCP, type Verdict } from './packet.js';

/** A router as the product sees it: the text of its files by path. */
export type Files = ReadonlyMap<string, string>;

/** What the product says of a packet. */
export interface Told {
  readonly fates: readonly Fate[];
  /** What the symbolic engine says of it, asked for all that may come in: surely through, perhaps through. */
  readonly among: Bounds;
  /** The same, asked for this packet alone: it need not give up being exact then. */
  readonly alone: () => Bounds;
}

interface Bounds {
  readonly must: boolean;
  readonly may: boolean;
}

const DEVICE = 'gw';

/** The device that the files are. */
export function readDevice(files: Files): Node {
  const sources = [...files].map(([path, text]) => new SourceFile(path, text));
  const readings = sources.flatMap((source): Reading[] => {
    const around = {
      isRead: () => true,
      find: (pattern: string) => sources.filter((one) => one !== source && isMeant(one.path, pattern)),
    };
    // A file of nothing but empty sets looks like nothing; what other files take from it counts all the same.
    const dialect = detectDialect(source);
    return dialect === undefined ? [] : [dialect.read(source, DEVICE, around)];
  });
  const [first, ...others] = readings;
  if (first === undefined) throw new Error('There are no files.');
  const [node] = new NodeCache().nodesOf([{ name: DEVICE, readings: [first, ...others], beside: [], isFolder: true }]);
  return node as Node;
}

/** Whether a pattern, relative to the device's folder, means the file. */
function isMeant(path: string, pattern: string): boolean {
  const name = path.slice(path.indexOf('/') + 1);
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(?:.*/)?${parts.join('[^/]*')}$`).test(name);
}

/** What both engines say of the packets. `names` are the interfaces that packets' `iface` counts. */
export function productSays(files: Files, names: readonly string[], packets: readonly Packet[]): Told[] {
  const node = readDevice(files);
  const network = buildNetwork([node]);
  const found = new Map<number, Asking>();
  return packets.map((packet) => {
    const name = names[packet.iface];
    const ingress = node.device.interfaces.find((one) => one.name === name);
    if (ingress === undefined) throw new Error(`The product knows no interface ${name}.`);
    const answer = found.get(packet.iface) ?? ask(node, ingress);
    found.set(packet.iface, answer);
    const flow = flowOf(packet);
    const header = headerOf(flow);
    return {
      fates: evaluate(network, node, ingress, flow),
      among: answer(header),
      alone: () => ask(node, ingress, header)(header),
    };
  });
}

type Asking = (header: Header) => Bounds;

/** Asks the symbolic engine for all that may come in by an interface, or for one header of it. */
function ask(node: Node, ingress: Interface, only?: Header): Asking {
  const manager = new HeaderSpaceManager();
  const network = buildNetwork([node]);
  const found: Reach[] = [];
  const one = (value: number) => [[value, value] as const];
  const headers =
    only === undefined
      ? manager.full
      : manager.fromBox(Object.fromEntries(Object.entries(only).map(([field, value]) => [field, one(value)])));
  const clip =
    only === undefined
      ? { src: [0, 0xffffffff] as const, dst: [0, 0xffffffff] as const }
      : { src: [only.src, only.src] as const, dst: [only.dst, only.dst] as const };
  const outlives = reach(manager, { network, node, ingress, headers, clip, touched: new Set() }, (reached) =>
    found.push(reached),
  );
  if (!outlives || found.length !== 1) throw new Error('The symbolic engine answered in chunks.');
  const [{ must, leaves, delivered }] = found as [Reach];
  const holds = (set: HeaderSpace, header: Header) => manager.contains(set, header);
  return (header) => ({
    must: holds(must, header),
    may: holds(leaves.may, header) || holds(delivered.may, header),
  });
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
  const wrong = symbolicError(told, passes);
  if (wrong !== undefined) return wrong;
  switch (kernel.kind) {
    case 'local':
      return fate.disposition === 'accepted' ? undefined : `product: ${words}`;
    case 'forwarded':
      return told.fates.some((one) => isForwardedSo(one, kernel)) ? undefined : `product: ${words}`;
    default:
      return STOPPED.includes(fate.disposition) ? undefined : `product: ${words}`;
  }
}

/** The symbolic engine may say less than it knows of many packets at once, nothing wrong of any, and all of one. */
function symbolicError({ among, alone }: Told, passes: boolean): string | undefined {
  const words = (how: string, { must, may }: Bounds) => `product, symbolic, ${how}: must ${must}, may ${may}`;
  if (passes ? !among.may : among.must) return words('among all', among);
  if (among.must === passes && among.may === passes) return undefined;
  const exact = alone();
  return exact.must === passes && exact.may === passes ? undefined : words('alone', exact);
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

/** What the command `trace` answers for packets, as a report has it. */
export function traceAnswers(files: Files, names: readonly string[], packets: readonly Packet[]): TraceOutput[] {
  const workspace = new Workspace();
  for (const [path, text] of files) workspace.setFile(path, text);
  return packets.map((packet) => {
    const { src, dst, protocol, srcPort, dstPort, icmpType, icmpCode, tcpFlags, established } = packet;
    const flags = Object.entries(TcpFlag).filter(([, bit]) => (tcpFlags & bit) !== 0);
    return workspace.trace(`${DEVICE}:${names[packet.iface]}`, {
      protocol: String(protocol),
      source: formatIp(src),
      destination: formatIp(dst),
      ...(hasPorts(protocol) ? { sourcePort: srcPort, destinationPort: dstPort } : {}),
      ...(protocol === ICMP ? { icmpType, icmpCode } : {}),
      ...(protocol === TCP ? { tcpFlags: flags.map(([name]) => name) } : {}),
      state: established ? 'established' : 'new',
    });
  });
}

/** How the command's answer and the kernel differ, in words; undefined where they agree. */
export function traceDifference(told: TraceOutput, packet: Packet, kernel: Verdict): string | undefined {
  const words = `trace: ${JSON.stringify({ ...told, trace: undefined })}`;
  if (told.certain === false) return words;
  switch (kernel.kind) {
    case 'local':
      return told.disposition === 'accepted' ? undefined : words;
    case 'forwarded': {
      if (told.disposition !== 'leaves' && told.disposition !== 'delivered') return words;
      const ports = hasPorts(packet.protocol);
      const sent = {
        source: told.sent?.source ?? formatIp(packet.src),
        destination: told.sent?.destination ?? formatIp(packet.dst),
        sourcePort: ports ? (told.sent?.sourcePort ?? packet.srcPort) : 0,
        destinationPort: ports ? (told.sent?.destinationPort ?? packet.dstPort) : 0,
      };
      const isSame =
        told.interface === kernel.iface &&
        sent.source === formatIp(kernel.src) &&
        sent.destination === formatIp(kernel.dst) &&
        sent.sourcePort === kernel.srcPort &&
        sent.destinationPort === kernel.dstPort;
      return isSame ? undefined : words;
    }
    default:
      return STOPPED.includes(told.disposition) ? undefined : words;
  }
}
