import { StatementState } from '../../text/statements.js';
import type { IosCryptoMap } from './config.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';
import { noteRouteSource } from './route-sources.js';

/** Reads `crypto map NAME 10 ...` and `crypto dynamic-map NAME 10`, of which the same name in an interface has no number. */
export function readCryptoMap(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  if (!words.accept('crypto', 3)) return NOT_MINE;
  const isDynamic = words.accept('dynamic-map', 3);
  if (!isDynamic && !words.accept('map', 2)) return NOT_MINE;
  const name = words.take();
  const number = words.takeNumber();
  if (name === undefined || number === undefined || negated) return NOT_MINE;
  reader.enter('crypto');
  const maps = isDynamic ? config.dynamicCryptoMaps : config.cryptoMaps;
  const map = maps.get(name) ?? new Map<number, IosCryptoMap>();
  maps.set(name, map);
  const entry = map.get(number) ?? { list: undefined, dynamic: undefined };
  map.set(number, entry);
  if (words.accept('ipsec-isakmp', 7) && words.accept('dynamic', 3)) entry.dynamic = words.take();
  reader.cryptoMap = entry;
  return StatementState.unmodelled;
}

/** Notes which packets a crypto map takes, and whether IPsec brings routes; the lines are known ones all the same. */
export function noteCryptoLine(reader: Reader): void {
  const negated = reader.begin();
  const { words, cryptoMap } = reader;
  if (words.accept('match', 3)) {
    if (cryptoMap !== undefined && words.accept('address', 3)) cryptoMap.list = negated ? undefined : words.take();
    return;
  }
  if (negated) return;
  const isRoute = words.accept('route') && (words.accept('set') || words.accept('accept'));
  if (isRoute || words.accept('reverse-route', 3)) noteRouteSource(reader, 'IPsec', 'all');
}
