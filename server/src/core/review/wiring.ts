import { findNode, findPlace, type Network } from '../dataplane/network.js';
import { findInterface } from '../model/device.js';
import type { Unmatched } from './segments.js';
import type { Site } from './site-file.js';

/** What the site file says of links, inline devices and enforcement, and no file has. */
export function unmatchedWiring({ nodes }: Network, site: Site): Unmatched[] {
  const noDevice = ({ value, text, span }: Site['enforceAt'][number]): Unmatched[] =>
    findNode({ nodes }, value) === undefined ? [{ message: `No file is of the device "${text}".`, span }] : [];
  const noEnd = ({ value, text, span }: Site['enforceAt'][number]): Unmatched[] =>
    findPlace(nodes, value) === undefined ? [{ message: `No file has the interface "${text}".`, span }] : [];
  const inline = site.inline.flatMap(({ device, between, interfaces }) => {
    const node = findNode({ nodes }, device.value);
    const own = interfaces.filter(({ value }) => node !== undefined && findInterface(node.device, value) === undefined);
    return [
      ...noDevice(device),
      ...between.flatMap((end) => (end === undefined ? [] : noEnd(end))),
      ...own.map(({ text, span }) => ({ message: `${device.text} has no interface "${text}".`, span })),
    ];
  });
  return [...site.links.flatMap((link) => link.flatMap(noEnd)), ...inline, ...site.enforceAt.flatMap(noDevice)];
}

/** Whether the same wires are there: then what leaves by one comes in where it did. */
export function sameWires(a: Network, b: Network): boolean {
  return wiresOf(a) === wiresOf(b);
}

function wiresOf({ nodes, links, inline, switches }: Network): string {
  const name = (place: Network['links'][number][0] | undefined) =>
    place === undefined ? [] : [place.node.device.name, place.iface.name];
  return JSON.stringify([
    links.map(([one, other]) => [name(one), name(other)]),
    inline.map(({ node, between: [near, far], sides }) => [
      node.device.name,
      name(near),
      name(far),
      sides.map((iface) => iface.name),
    ]),
    switches.size === 0
      ? []
      : nodes.flatMap(({ device }) =>
          device.interfaces.flatMap((iface) => {
            const places = switches.get(iface);
            return places === undefined ? [] : [[device.name, iface.name, places.map(name)]];
          }),
        ),
  ]);
}
