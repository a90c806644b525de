import { Protocol } from '../../../net/protocols.js';
import type { Extension } from '../rule-reader.js';
import { CONNECTION_MODULES } from './connection.js';
import { KIND_MODULES } from './kinds.js';
import { PROTOCOL_MODULES } from './protocols.js';

/** Matches that say nothing that could not be told. All others are undecidable. */
export const MODULES: ReadonlyMap<string, Extension> = new Map([
  ...PROTOCOL_MODULES,
  ...CONNECTION_MODULES,
  ...KIND_MODULES,
]);

/** The match whose options a protocol brings along. */
export const MODULES_OF_PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [Protocol.tcp, 'tcp'],
  [Protocol.udp, 'udp'],
  [Protocol.sctp, 'sctp'],
  [Protocol.icmp, 'icmp'],
  [33, 'dccp'],
]);
