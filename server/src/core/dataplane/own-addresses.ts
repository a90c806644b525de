import type { Interface } from '../model/device.js';
import { keptIn } from '../model/kept.js';
import type { Ip } from '../net/ip.js';
import type { Fib } from './fib.js';

const known = new WeakMap<Fib, ReadonlyMap<Ip, Interface>>();

/** Every address that a device takes for itself in a table, and the interface that has it. */
export function ownAddressesOf(fib: Fib | undefined): ReadonlyMap<Ip, Interface> {
  if (fib === undefined) return new Map();
  const find = () =>
    new Map(
      fib.entries.flatMap(({ prefix, action }): [Ip, Interface][] =>
        action.kind === 'receive' ? [[prefix.ip, action.iface]] : [],
      ),
    );
  return keptIn(known, fib, find);
}
