import { TCP_PORTS, UDP_PORTS } from './port-names.js';

/**
 * Ports by their names, as they stand in a text: a long list names one in half of its entries, and making
 * a string to look it up takes longer than all else that its ports take.
 */
export class PortCodes {
  readonly #ports: ReadonlyMap<string, number>;
  /** By a hash of the name; a name that finds its place taken has the next one. Made when first asked. */
  #slots: readonly (Named | undefined)[] | undefined;

  constructor(ports: ReadonlyMap<string, number>) {
    this.#ports = ports;
  }

  /** The port whose name stands from `at` up to `stop`; -1 where none does. */
  find(codes: Uint8Array, at: number, stop: number): number {
    this.#slots ??= slotsOf(this.#ports);
    const slots = this.#slots;
    let hash = 0;
    for (let next = at; next < stop; next += 1) hash = hashed(hash, codes[next] as number);
    for (let slot = hash & LAST_SLOT; ; slot = (slot + 1) & LAST_SLOT) {
      const named = slots[slot];
      if (named === undefined) return -1;
      if (isAt(named.codes, codes, at, stop)) return named.port;
    }
  }
}

export const TCP_PORT_CODES = new PortCodes(TCP_PORTS);
export const UDP_PORT_CODES = new PortCodes(UDP_PORTS);

interface Named {
  readonly codes: Uint8Array;
  readonly port: number;
}

/** Many more places than there are names, and one less than a power of 2. */
const LAST_SLOT = 255;

function hashed(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

function slotsOf(ports: ReadonlyMap<string, number>): readonly (Named | undefined)[] {
  const slots = new Array<Named | undefined>(LAST_SLOT + 1).fill(undefined);
  for (const [name, port] of ports) {
    const codes = Uint8Array.from(name, (character) => character.charCodeAt(0));
    let slot = codes.reduce(hashed, 0) & LAST_SLOT;
    while (slots[slot] !== undefined) slot = (slot + 1) & LAST_SLOT;
    slots[slot] = { codes, port };
  }
  return slots;
}

function isAt(name: Uint8Array, codes: Uint8Array, at: number, stop: number): boolean {
  if (name.length !== stop - at) return false;
  for (let index = 0; index < name.length; index += 1) if (name[index] !== codes[at + index]) return false;
  return true;
}
