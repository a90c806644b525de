import type { SourceFile } from '../../text/source-file.js';
import { SHELL_SHEBANG, variableWith } from '../common/shell-script.js';
import { type Evidence, HIGHEST_SCORE } from '../dialect.js';

/** Of a long file its beginning, its middle and its end are looked at. */
const SAMPLE = 60_000;

/** Lines of a ruleset, by weight. */
const LINES: readonly (readonly [RegExp, number])[] = [
  [/^[ \t]*(?:add[ \t]+)?table[ \t]+(?:(?:ip6?|inet|arp|bridge|netdev)[ \t]+)?"?[\w-]+"?[ \t]*\{/gm, 8],
  [/^[ \t]*(?:add[ \t]+)?table[ \t]+(?:ip6?|inet|arp|bridge|netdev)[ \t]+[\w-]+[ \t]*;?\r?$/gm, 6],
  [/\btype[ \t]+(?:filter|nat|route)[ \t]+hook[ \t]+\w+[ \t]+(?:device|priority)\b/g, 8],
  [/^[ \t]*flush[ \t]+ruleset\b/gm, 8],
  [
    /^[ \t]*(?:add|insert|create|replace|delete)[ \t]+(?:rule|chain|element|set|map)[ \t]+(?:(?:ip6?|inet|arp|bridge|netdev)[ \t]+)?[\w$-]+[ \t]+[\w$-]+/gm,
    4,
  ],
  [
    /^[ \t]*(?:ct state|iifname|oifname|iif|oif|meta l4proto|ip [sd]addr|ip protocol|tcp dport|udp dport|th dport)[ \t!={"$@&].*\b(?:accept|drop|reject|jump|goto|return|masquerade|[ds]nat)\b/gm,
    2,
  ],
];
/** A command of a script that changes a ruleset. */
const COMMANDS = new RegExp(
  String.raw`^[^#\n]{0,120}?(?:\bnft|${variableWith('nft')})["']?[ \t]+(?:-[a-eg-z][a-z]*[ \t]+)*["']?(?:add|insert|create|replace|delete|flush)[ \t]+(?:ruleset|table|chain|rule|set|map|element)\b`,
  'gim',
);
const HEREDOC = /^[^#\n]{0,120}?\bnft["']?[ \t]+(?:-[a-eg-z][ \t]+)*-f[ \t]+(?:-|\/dev\/stdin)/m;
const SHEBANG = /^(?:\ufeff)?#![^\n]*\bnft\b/;
/** Other languages, markup and prose with rules in them. */
const FOREIGN =
  /^[ \t]*(?:```|~~~|<\?xml|<!DOCTYPE|<html|#!\/usr\/bin\/(?:env )?(?:python|perl|ruby|node|php)|---\s*$|import \w|from \w+ import|package \w|using \w|public |def \w|const |let |- (?:name|hosts):|RUN |FROM \S|%\w+|\*(?:filter|nat|mangle|raw)\s*$)/m;
/** What else a file that defines names and nothing more has. */
const DEFINITIONS = /^[ \t]*(?:define[ \t]+\w+[ \t]*=|include[ \t]+")/;

/** How much the lines of a file look like a ruleset of nftables. */
export function detect(file: SourceFile): Evidence {
  const head = file.text.slice(0, 20_000);
  if (SHEBANG.test(head)) return { score: HIGHEST_SCORE };
  if (FOREIGN.test(head)) return { score: 0 };
  const text = sampleOf(file.text);
  let score = 0;
  for (const [pattern, weight] of LINES) score += weight * Math.min(10, countOf(text, pattern, 10));
  const commands = countOf(text, COMMANDS, 10);
  const isScript = SHELL_SHEBANG.test(text);
  if (isScript || commands > 0) {
    const calls = commands > 0 || HEREDOC.test(text);
    return {
      score: calls && (isScript || score > 0 || commands >= 2) ? Math.min(HIGHEST_SCORE, 2 + 3 * commands + score) : 0,
    };
  }
  if (score >= 8) return { score: Math.min(HIGHEST_SCORE, score) };
  return { score: isDefinitions(text) ? 3 : 0 };
}

function isDefinitions(text: string): boolean {
  let count = 0;
  let depth = 0;
  for (const line of text.split('\n', 400)) {
    const content = line.replace(/#.*/, '').trim();
    if (content === '') continue;
    if (depth === 0) {
      if (!DEFINITIONS.test(content)) return false;
      count += 1;
    }
    for (const sign of content) depth += sign === '{' ? 1 : sign === '}' ? -1 : 0;
    if (content.endsWith('\\')) depth = Math.max(depth, 0);
  }
  return count > 0;
}

function countOf(text: string, pattern: RegExp, most: number): number {
  pattern.lastIndex = 0;
  let count = 0;
  while (count < most && pattern.exec(text) !== null) count += 1;
  pattern.lastIndex = 0;
  return count;
}

function sampleOf(text: string): string {
  if (text.length <= 3 * SAMPLE) return text;
  const middle = Math.floor(text.length / 2);
  return `${text.slice(0, SAMPLE)}\n${text.slice(middle, middle + SAMPLE)}\n${text.slice(-SAMPLE)}`;
}
