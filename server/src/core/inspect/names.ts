import type { Definition, Device, Reference } from '../model/device.js';
import type { Origin } from '../model/origin.js';

/** What a name at some place stands for. */
export type NameAt = Pick<Definition, 'kind' | 'name'>;

export function nameAt(device: Device, file: string, offset: number): NameAt | undefined {
  const here = (origin: Origin) => origin.file === file && origin.start <= offset && offset <= origin.end;
  const all: readonly (Definition | Reference)[] = [...device.definitions, ...device.references];
  return all.find((one) => here(one.origin));
}

export function definitionsOf(device: Device, { kind, name }: NameAt): Origin[] {
  return device.definitions.filter((one) => one.kind === kind && one.name === name).map((one) => one.origin);
}

/** Every place that uses the name, its definitions first. */
export function usesOfName(device: Device, wanted: NameAt): Origin[] {
  const uses = device.references.filter((one) => one.kind === wanted.kind && one.name === wanted.name);
  return [...definitionsOf(device, wanted), ...uses.map((one) => one.origin)];
}
