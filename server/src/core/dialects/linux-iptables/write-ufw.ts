import type { Prefix } from '../../net/prefix.js';
import type { TextEdit } from '../../text/edit.js';
import type { Reading } from '../dialect.js';
import type { PlacedRule } from './convert.js';
import type { ChainToWrite } from './write.js';

/** How a deny is written in ufw's rule files; undefined where the chain is none of ufw's. */
export function denyInUfw(
  _reading: Reading,
  _to: ChainToWrite,
  _place: PlacedRule | undefined,
  _destinations: readonly Prefix[],
  _remark: string,
): TextEdit[] | undefined {
  return undefined;
}
