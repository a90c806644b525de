import type { DynamicProtocol } from '../../model/device.js';
import type { IosConfig, IosProcess } from './config.js';

/**
 * The least administrative distance of the routes of a process, by the first word of its name.
 * Source: Cisco, "Describe Administrative Distance" (document 15986).
 */
const LEAST_DISTANCES: Readonly<Record<string, number>> = {
  BGP: 20,
  EIGRP: 90,
  IGRP: 100,
  'IS-IS': 115,
  ODR: 160,
  OMP: 251,
  OSPF: 110,
  OSPFv3: 110,
  RIP: 120,
};

/**
 * A process in neutral words. Where lines of its own set its distance, or it is none of the known
 * ones, its routes may beat any static route that floats.
 */
export function convertProcess(config: IosConfig, process: Pick<IosProcess, 'name' | 'origin'>): DynamicProtocol {
  const { name, origin } = process;
  const [kind = ''] = name.split(' ', 1);
  // A named EIGRP process has its number from its address family, and its distance from elsewhere.
  const isOwn = config.ownDistances.has(name) || config.ownDistances.has(kind);
  return { name, distance: isOwn ? 1 : (LEAST_DISTANCES[kind] ?? 1), origin };
}
