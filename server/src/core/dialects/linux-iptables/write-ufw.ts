import { formatPrefix, type Prefix } from '../../net/prefix.js';
import type { TextEdit } from '../../text/edit.js';
import type { SourceFile } from '../../text/source-file.js';
import type { PlacedRule } from './convert.js';
import { rulesOf } from './ruleset.js';
import { roleOf } from './ufw.js';
import { type ChainToWrite, insertion, lineStart } from './write.js';

const USER_CHAIN = 'ufw-user-forward';

/**
 * A deny in ufw's user.rules, with the comment from which ufw makes the rule again (`ufw route deny`);
 * undefined where the place is none of that file.
 */
export function denyInUfw(
  { loader, table, chain }: ChainToWrite,
  place: PlacedRule | undefined,
  destinations: readonly Prefix[],
  remark: string,
): TextEdit[] | undefined {
  const file = [...loader.files.values()].find(({ text }) => roleOf(text) === 'user');
  const isUsers = chain.name === USER_CHAIN;
  // What ufw makes itself stands in no file: behind the user's rules is the last place before its policy.
  const isPolicy = place?.from === undefined || (chain.name === 'FORWARD' && place.from.conditional);
  if (file === undefined || table.name !== 'filter' || (!isUsers && !(isPolicy && chain.name === 'FORWARD'))) {
    return undefined;
  }
  const from = isUsers ? place?.from : undefined;
  const at =
    from === undefined
      ? behindRules(file, rulesOf(table.chains.get(USER_CHAIN) ?? chain))
      : tupleStart(file, from.origin.start);
  if (at === undefined) return undefined;
  const comment = hexOf(remark);
  const text = destinations.map((destination) => {
    const to = formatPrefix(destination);
    const tuple = `### tuple ### route:deny any any ${to} any 0.0.0.0/0 in comment=${comment}`;
    return `${tuple}${file.lineEnd}-A ${USER_CHAIN} -d ${to} -j DROP${file.lineEnd}${file.lineEnd}`;
  });
  return [insertion(file, at, text.join(''))];
}

/** Where the comment begins that a rule's line belongs to. */
function tupleStart(file: SourceFile, at: number): number {
  let start = lineStart(file, at);
  // One comment may have a few lines of rules.
  for (let lines = 0; lines < 10 && start > 0; lines += 1) {
    const above = lineStart(file, start - 1);
    const line = file.text.slice(above, start);
    if (line.startsWith('### tuple ###')) return above;
    if (!line.startsWith('-A ')) break;
    start = above;
  }
  return lineStart(file, at);
}

/** Before the mark that ends the user's rules, else behind the last of them. */
function behindRules(
  file: SourceFile,
  rules: readonly { readonly origin: { readonly file: string; readonly end: number } }[],
): number | undefined {
  const mark = /^### END RULES ###/m.exec(file.text);
  if (mark !== null) return mark.index;
  const last = rules.filter(({ origin }) => origin.file === file.path).at(-1);
  if (last === undefined) return /^COMMIT/m.exec(file.text)?.index;
  const newline = file.text.indexOf('\n', last.origin.end);
  return newline === -1 ? undefined : newline + 1;
}

/** ufw keeps comments as hexadecimal digits of their bytes. */
function hexOf(text: string): string {
  return [...text.replace(/[^\x20-\x7e]/g, '?')]
    .map((sign) => sign.charCodeAt(0).toString(16).padStart(2, '0'))
    .join('');
}
