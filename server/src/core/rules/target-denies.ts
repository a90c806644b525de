import type { Advisory, AdvisoryFlow } from '../advisories/advisory.js';
import type { Acl } from '../model/acl.js';
import type { AppliedFilter, Device, Interface } from '../model/device.js';
import { keptIn } from '../model/kept.js';
import { firstIp, lastIp } from '../net/prefix.js';
import type { Review } from '../review/review.js';
import type { Verdict } from '../review/verdict.js';

/** A list with entries that are plainly there to deny an advisory's destinations: they deny nothing else. */
export interface TargetList {
  readonly advisory: Advisory;
  readonly flow: AdvisoryFlow;
  readonly device: Device;
  readonly acl: Acl;
  /** Positions of these entries, in order; at least one. */
  readonly denies: readonly number[];
}

/** An interface that applies a list. */
export interface Use {
  readonly iface: Interface;
  readonly filter: AppliedFilter;
}

/** Of one review, in the order of its devices. */
export function targetLists(review: Review): readonly TargetList[] {
  return keptIn(listsOfReview, review, () => {
    const flows = review.advisories.flatMap((advisory) =>
      advisory.flows.filter((flow) => flow.direction === 'to-destinations').map((flow) => ({ advisory, flow })),
    );
    return review.network.nodes.flatMap(({ device }) => {
      const byFlow = flows.map((asked) => ({ ...asked, lists: deniesOf(device, asked.flow) }));
      if (byFlow.every(({ lists }) => lists.size === 0)) return [];
      return [...device.acls.values()].flatMap((acl) =>
        byFlow.flatMap(({ advisory, flow, lists }): TargetList[] => {
          const denies = lists.get(acl);
          return denies === undefined ? [] : [{ advisory, flow, device, acl, denies }];
        }),
      );
    });
  });
}

const listsOfReview = new WeakMap<Review, readonly TargetList[]>();
type Denies = ReadonlyMap<Acl, readonly number[]>;
const deniesOfDevice = new WeakMap<Device, WeakMap<AdvisoryFlow, Denies>>();

/** The entries that deny a flow's destinations, for each list of a device that has any. */
function deniesOf(device: Device, flow: AdvisoryFlow): Denies {
  const byFlow = keptIn(deniesOfDevice, device, () => new WeakMap<AdvisoryFlow, Denies>());
  return keptIn(byFlow, flow, () => {
    const denies = new Map<Acl, readonly number[]>();
    for (const acl of device.acls.values()) {
      const found = flow.destinations.flatMap((destination) =>
        acl.entries.withDestinationInside('deny', firstIp(destination), lastIp(destination)),
      );
      if (found.length > 0)
        denies.set(
          acl,
          found.sort((a, b) => a - b),
        );
    }
    return denies;
  });
}

const usesOfDevice = new WeakMap<Device, ReadonlyMap<string, readonly Use[]>>();

export function usesOf(device: Device, acl: Acl): readonly Use[] {
  return keptIn(usesOfDevice, device, () => usesByList(device)).get(acl.name) ?? [];
}

function usesByList({ interfaces }: Device): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  for (const iface of interfaces) {
    for (const filter of iface.filters) {
      for (const name of new Set(filter.names)) {
        const there = uses.get(name);
        if (there === undefined) uses.set(name, [{ iface, filter }]);
        else there.push({ iface, filter });
      }
    }
  }
  return uses;
}

/** Positions among the verdicts of a review, by the interface that the packets come in by. */
const verdictsByIngress = new WeakMap<Review, ReadonlyMap<Interface, readonly number[]>>();

/** The verdicts of a flow whose packets enter the device by an interface that applies the list inward. */
export function verdictsThrough(
  review: Review,
  { advisory, flow, device, acl }: Omit<TargetList, 'denies'>,
): Verdict[] {
  const ingresses = new Set(
    usesOf(device, acl)
      .filter(({ filter }) => filter.direction === 'in')
      .map(({ iface }) => iface),
  );
  const byIngress = keptIn(verdictsByIngress, review, () => positionsByIngress(review));
  return [...ingresses]
    .flatMap((iface) => byIngress.get(iface) ?? [])
    .sort((a, b) => a - b)
    .map((at) => review.verdicts[at] as Verdict)
    .filter((verdict) => verdict.advisory === advisory && verdict.flow === flow);
}

function positionsByIngress({ verdicts }: Review): ReadonlyMap<Interface, readonly number[]> {
  const positions = new Map<Interface, number[]>();
  for (const [at, { member }] of verdicts.entries()) {
    const there = positions.get(member.iface);
    if (there === undefined) positions.set(member.iface, [at]);
    else there.push(at);
  }
  return positions;
}
