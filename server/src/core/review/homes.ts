import { buildNetwork, buildNode, findNode, type Network, type Node } from '../dataplane/network.js';
import { type HeaderSpace, HeaderSpaceManager } from '../headerspace/header-space.js';
import type { Device } from '../model/device.js';
import { evaluate } from '../reachability/evaluate.js';
import { type Reach, reach } from '../reachability/reach.js';
import { headersOf } from './headers.js';
import { clipOf } from './judge.js';
import type { Review } from './review.js';
import type { Member } from './segments.js';
import { wiringOf } from './site-file.js';
import type { Verdict, VerdictExit } from './verdict.js';

/**
 * Questions about destinations that live inside: what would become of their packets if the networks
 * that hold them were gone, as they are when an interface goes down.
 */

/** By which exits packets of the verdict would leave if they were not delivered. */
export function exitsWithoutHomes(review: Review, verdict: Verdict): VerdictExit[] {
  const network = withoutHomes(review, verdict);
  const exits: VerdictExit[] = [];
  if (network === undefined) return exits;
  ask(new HeaderSpaceManager(), network, verdict, (found) => {
    for (const { outcome, device, iface, nextHop } of found.exits) {
      if (outcome === 'delivered' || exits.some((one) => one.device === device && one.iface === iface)) continue;
      exits.push({
        outcome,
        device,
        ...(iface === undefined ? {} : { iface }),
        ...(nextHop === undefined ? {} : { nextHop }),
      });
    }
  });
  return exits;
}

/** The network with the interfaces down on which packets of the verdict are delivered; undefined: there are none. */
export function withoutHomes({ network, site }: Review, { exits, member }: Verdict): Network | undefined {
  const homes = exits.filter(({ outcome }) => outcome === 'delivered');
  const goesDown = (device: Device, iface: string) =>
    homes.some((home) => home.device === device.name && home.iface?.name === iface);
  // Hosts that live there themselves never ask a router.
  if (homes.length === 0 || goesDown(member.node.device, member.iface.name)) return undefined;
  const nodes = network.nodes.map((node): Node => {
    const { device } = node;
    if (!homes.some((home) => home.device === device.name)) return node;
    const interfaces = device.interfaces.map((iface) =>
      goesDown(device, iface.name) ? { ...iface, up: false } : iface,
    );
    return buildNode({ ...device, interfaces });
  });
  return buildNetwork(nodes, wiringOf(site));
}

/** Whether nothing of the verdict's packets may leave a network. */
export function nothingLeaves(network: Network, verdict: Verdict): boolean {
  const manager = new HeaderSpaceManager();
  let asked = 0;
  let leaving = 0;
  ask(manager, network, verdict, ({ leaves }) => {
    asked += 1;
    if (leaves.may !== manager.empty) leaving += 1;
  });
  return asked > 0 && leaving === 0;
}

/**
 * Whether what is delivered could not leave either if the network inside were gone, because something
 * denies it: that there is merely no route is nobody's decision.
 */
export function isDeniedAtEdge(review: Review, verdict: Verdict): boolean {
  const { delivered, leaves, member } = verdict;
  const network = withoutHomes(review, verdict);
  if (delivered === undefined || leaves !== undefined || network === undefined) return false;
  const node = findNode(network, member.node.device.name);
  const ingress = node?.device.interfaces.find((iface) => iface.name === member.iface.name);
  if (node === undefined || ingress === undefined || !nothingLeaves(network, verdict)) return false;
  return evaluate(network, node, ingress, delivered.witness).every(
    ({ disposition }) => disposition.startsWith('denied') || disposition === 'null-routed',
  );
}

/** Whether exactly the packets are delivered that were; where they are too many to be held at once, it is not known. */
export function deliversTheSame(before: Review, after: Review, verdict: Verdict): boolean {
  const manager = new HeaderSpaceManager();
  const delivered = (network: Network): readonly [HeaderSpace, HeaderSpace] | undefined => {
    const found: Reach[] = [];
    const isKept = ask(manager, network, verdict, (one) => found.push(one));
    const [only, ...others] = found;
    return isKept && only !== undefined && others.length === 0 ? [only.delivered.must, only.delivered.may] : undefined;
  };
  const was = delivered(before.network);
  const is = delivered(after.network);
  return was !== undefined && is !== undefined && was.every((set, at) => set === is[at]);
}

/** Asks the verdict's question of a network; false where its answer does not outlive the visit, or it cannot be asked. */
function ask(
  manager: HeaderSpaceManager,
  network: Network,
  { flow, member }: Verdict,
  visit: (found: Reach) => void,
): boolean {
  const node = findNode(network, member.node.device.name);
  const ingress = node?.device.interfaces.find((iface) => iface.name === member.iface.name);
  if (node === undefined || ingress === undefined) return false;
  const there: Member = { ...member, node, iface: ingress };
  const headers = headersOf(manager, flow, there);
  const query = { network, node, ingress, headers, clip: clipOf(flow, there), touched: new Set<Node>() };
  return reach(manager, query, visit);
}
