import { StatementState } from '../../text/statements.js';
import { noteReferences } from './extract-references.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';
import type { IosInspectClass, IosInspectPolicy, IosMatch, IosZoneBlock, IosZonePair } from './zone-config.js';

/** Reads `zone security NAME`; the words stand behind `zone`. */
export function readZone(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  const name = words.accept('security', 3) ? words.take() : undefined;
  if (name === undefined || !words.done) return NOT_MINE;
  const { zones } = config.zoneFirewall;
  if (negated) {
    reader.leave();
    zones.delete(name);
  } else {
    reader.enter('other-block');
    zones.set(name, reader.lineOrigin());
  }
  return StatementState.modelled;
}

/** Reads `zone-pair security NAME source A destination B`; the words stand behind `zone-pair`. */
export function readZonePair(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  const name = words.accept('security', 3) ? words.take() : undefined;
  if (name === undefined) return NOT_MINE;
  const { pairs } = config.zoneFirewall;
  if (negated) {
    reader.leave();
    pairs.delete(name);
    return StatementState.modelled;
  }
  const source = words.accept('source', 1) ? words.take() : undefined;
  const destination = words.accept('destination', 1) ? words.take() : undefined;
  let pair = pairs.get(name);
  if (source !== undefined && destination !== undefined) {
    pair = { name, source, destination, policy: pair?.policy, unread: undefined, origin: reader.lineOrigin() };
    pairs.set(name, pair);
  }
  // Without its zones, the line opens a pair that is there.
  if (pair === undefined) {
    config.zoneFirewall.unread = reader.lineOrigin();
    return NOT_MINE;
  }
  if (!words.done) pair.unread = reader.line();
  open(reader, 'other-block', { kind: 'pair', pair });
  return StatementState.modelled;
}

/**
 * Reads `class-map type inspect [match-all|match-any] NAME`; the words stand behind `class-map`. A class
 * map of an application has its name between, and is a known line.
 */
export function readInspectClass(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  if (!words.accept('type', 2) || !words.accept('inspect', 3)) return NOT_MINE;
  const isAny = words.accept('match-any', 8);
  const isAll = !isAny && words.accept('match-all', 8);
  const name = words.take();
  if (name === undefined || !words.done) return NOT_MINE;
  const { classes } = config.zoneFirewall;
  if (negated) {
    reader.leave();
    classes.delete(name);
    return StatementState.modelled;
  }
  const map: IosInspectClass = classes.get(name) ?? { name, all: true, matches: new Map() };
  if (isAny || isAll) map.all = isAll;
  classes.set(name, map);
  open(reader, 'class-map', { kind: 'class', map });
  return StatementState.modelled;
}

/** Reads `policy-map type inspect NAME`; the words stand behind `policy-map`. */
export function readInspectPolicy(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  const from = words.stop;
  const name = words.accept('type', 2) && words.accept('inspect', 3) ? words.take() : undefined;
  if (name === undefined || !words.done) {
    words.rewind(from);
    return NOT_MINE;
  }
  const { policies } = config.zoneFirewall;
  if (negated) {
    reader.leave();
    policies.delete(name);
    return StatementState.modelled;
  }
  const map: IosInspectPolicy = policies.get(name) ?? {
    name,
    classes: new Map(),
    open: undefined,
    origin: reader.lineOrigin(),
  };
  policies.set(name, map);
  open(reader, 'policy-map', { kind: 'policy', map });
  return StatementState.modelled;
}

/** Notes `ip port-map APPLICATION port ...`: its ports are no longer those that it has by itself. */
export function notePortMap(reader: Reader): void {
  const { words, config } = reader;
  const from = words.stop;
  const application = words.take();
  if (application !== undefined) config.zoneFirewall.mapped.add(application.toLowerCase());
  words.rewind(from);
}

function open(reader: Reader, context: 'class-map' | 'policy-map' | 'other-block', block: IosZoneBlock): void {
  reader.enter(context);
  reader.config.zoneFirewall.open = { row: reader.openerRow, block };
}

/** Reads a line of a zone pair, or of a class map or policy map of type `inspect`. */
export function readZoneLine(reader: Reader): LineResult {
  const block = reader.config.zoneFirewall.open;
  if (block === undefined || block.row !== reader.openerRow) return NOT_MINE;
  const negated = reader.begin();
  switch (block.block.kind) {
    case 'pair':
      return readPairLine(reader, block.block.pair, negated);
    case 'class':
      return readClassLine(reader, block.block.map, negated);
    case 'policy':
      return readPolicyLine(reader, block.block.map, negated);
  }
}

function readPairLine(reader: Reader, pair: IosZonePair, negated: boolean): LineResult {
  const { words } = reader;
  const isPolicy = words.accept('service-policy', 9) && words.accept('type', 2) && words.accept('inspect', 3);
  const name = isPolicy ? words.take() : undefined;
  if (!isPolicy || !words.done) {
    if (isPart(reader)) pair.unread = reader.line();
    return NOT_MINE;
  }
  if (negated) pair.policy = undefined;
  else if (name !== undefined) pair.policy = { name, origin: reader.lineOrigin() };
  return StatementState.modelled;
}

function readClassLine(reader: Reader, map: IosInspectClass, negated: boolean): LineResult {
  const { words } = reader;
  if (!words.accept('match', 2)) {
    // What is not known may pick other packets.
    if (isPart(reader)) map.matches.set(reader.line(), { kind: 'unread', name: reader.line(), negated: false });
    return NOT_MINE;
  }
  const key = words.rest();
  if (negated) {
    map.matches.delete(key);
    return StatementState.modelled;
  }
  const match = readMatch(reader);
  map.matches.set(key, match);
  noteReferences(reader);
  return match.kind === 'unread' ? StatementState.unmodelled : StatementState.modelled;
}

/** Reads what stands behind `match`. */
function readMatch(reader: Reader): IosMatch {
  const { words } = reader;
  const label = reader.line();
  const negated = words.accept('not');
  const kind = words.accept('access-group', 2)
    ? 'list'
    : words.accept('protocol', 2)
      ? 'protocol'
      : words.accept('class-map', 2)
        ? 'class'
        : 'unread';
  if (kind === 'list') words.accept('name', 2);
  const name = kind === 'unread' ? undefined : words.take();
  return name === undefined || !words.done ? { kind: 'unread', name: label, negated } : { kind, name, negated };
}

function readPolicyLine(reader: Reader, map: IosInspectPolicy, negated: boolean): LineResult {
  const { words } = reader;
  if (words.accept('class')) return readPolicyClass(reader, map, negated);
  const last = map.open;
  const action = words.accept('inspect', 3)
    ? 'inspect'
    : words.accept('pass', 2)
      ? 'pass'
      : words.accept('drop', 2)
        ? 'drop'
        : undefined;
  if (action !== undefined && last !== undefined) {
    if (!negated) last.action = action;
    else if (last.action === action) last.action = undefined;
    return StatementState.modelled;
  }
  // Policing thins out, and lets through; the inspection of an application may drop.
  if (last !== undefined && !negated && isPart(reader) && !words.accept('police', 6)) last.unread = reader.line();
  return NOT_MINE;
}

function readPolicyClass(reader: Reader, map: IosInspectPolicy, negated: boolean): LineResult {
  const { words } = reader;
  const isOther = words.accept('type', 2) && !words.accept('inspect', 3);
  const name = words.take();
  if (isOther || name === undefined || !words.done) {
    const line = reader.line();
    map.open = { name: line, action: undefined, unread: line, origin: reader.lineOrigin() };
    map.classes.set(line, map.open);
    return NOT_MINE;
  }
  if (negated) {
    map.classes.delete(name);
    map.open = undefined;
    return StatementState.modelled;
  }
  const known = map.classes.get(name);
  map.open = known ?? { name, action: undefined, unread: undefined, origin: reader.lineOrigin() };
  map.classes.set(name, map.open);
  return StatementState.modelled;
}

/** Whether the indentation says that the line at hand is part of the block; a description says nothing. */
function isPart(reader: Reader): boolean {
  if (!reader.isDeeper()) return false;
  return !/^(?:no\s+)?description\b/i.test(reader.text.slice(reader.at, Math.min(reader.end, reader.at + 40)));
}

/** `exit` behind the actions of a class goes back to its policy map: says whether it was that. */
export function leavesClass({ config, openerRow, context }: Reader): boolean {
  const { open: block } = config.zoneFirewall;
  if (context !== 'policy-map' || block?.row !== openerRow || block.block.kind !== 'policy') return false;
  const { map } = block.block;
  const isOpen = map.open !== undefined;
  map.open = undefined;
  return isOpen;
}
