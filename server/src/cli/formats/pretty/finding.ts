import {
  type Finding,
  type Fix,
  type RelatedPlace,
  type Report,
  type ReportVerdict,
  rulePage,
} from '../../../core/report.js';
import type { SourceFile } from '../../../core/text/source-file.js';
import { visible, widthOfText } from './cells.js';
import { hunksOf } from './diff.js';
import { LEVEL_STYLE, type Paint } from './paint.js';
import { gutterLine, type SnippetStyle, snippet, sourceLine } from './snippet.js';
import { counted, packetInWords, padded, wrapped } from './words.js';

/** More hops than this are counted and not listed. */
const MAX_PLACES = 16;
/** Of a path that is longer, so many are of its end. */
const LAST_PLACES = 5;
/** More lines of one hunk of a fix than this are counted and not listed. */
const MAX_DIFF_LINES = 40;
/** Locations wider than this do not push the words behind them further right. */
const MAX_PLACE_WIDTH = 40;

export interface FindingContext {
  readonly report: Report;
  readonly fileAt: (path: string) => SourceFile | undefined;
  readonly paint: Paint;
  readonly width: number;
}

/** A finding as lines: headline, source, path, packet, fix, help. */
export function findingLines(finding: Finding, context: FindingContext): string[] {
  const { paint } = context;
  const caret = LEVEL_STYLE[finding.level];
  const style: SnippetStyle = { paint, caret, gutter: gutterOf(finding, context), width: context.width };
  const file = context.fileAt(finding.file);
  const path = pathOf(finding, context.report);
  const hops = path?.hops ?? 0;
  const place = `${visible(finding.file)}:${finding.line}:${finding.column}`;
  const bar = gutterLine(paint, style.gutter, '', '');
  return [
    ...headline(finding, context),
    `${' '.repeat(style.gutter)}${paint('-->', 'blue', 'bold')} ${place}`,
    bar,
    ...(file === undefined ? [] : [...snippet(file, finding, style), bar]),
    ...placesNote('path', finding.related.slice(0, hops), style),
    ...(path?.verdict.witness ? note('packet', packetInWords(path.verdict.witness), style) : []),
    ...placesNote(hops === 0 ? 'see' : 'also', finding.related.slice(hops), style),
    ...fixNote(finding.fixes, finding.file, context, style),
    ...note('help', rulePage(visible(finding.rule)), style),
  ];
}

function headline(finding: Finding, { paint, width }: FindingContext): string[] {
  const style = LEVEL_STYLE[finding.level];
  const label = `${finding.level}[${visible(finding.rule)}]`;
  const [first = '', ...rest] = wrapped(`${label}: ${visible(finding.message)}`, width);
  const said = first.slice(label.length);
  return [paint(label, style, 'bold') + paint(said, 'bold'), ...rest.map((line) => paint(`  ${line}`, 'bold'))];
}

/** Wide enough for every line number that the finding shows. */
function gutterOf(finding: Finding, { fileAt }: FindingContext): number {
  const last = fileAt(finding.file)?.lineCount ?? finding.line;
  const edits = finding.fixes[0]?.edits ?? [];
  const most = edits.reduce((line, { endLine }) => Math.max(line, endLine + 1), Math.min(finding.line + 2, last));
  return String(most).length;
}

/** The verdict behind a finding, and how many of its places are hops of that verdict's packet. */
interface Path {
  readonly verdict: ReportVerdict;
  readonly hops: number;
}

/** A finding's first places are the hops of its packet, which only the verdict behind it has. */
function pathOf({ related, advisory }: Finding, { verdicts }: Report): Path | undefined {
  let best: Path | undefined;
  for (const verdict of verdicts) {
    if (verdict.verdict === 'blocked' || verdict.advisory !== advisory) continue;
    const trace = verdict.trace.filter(({ file }) => file !== undefined);
    const differs = trace.findIndex(({ file, line }, at) => related[at]?.file !== file || related[at]?.line !== line);
    const isWhole = differs === -1 && trace.length > 0;
    if (isWhole && trace.length > (best?.hops ?? 0)) best = { verdict, hops: trace.length };
  }
  return best;
}

function note(name: string, text: string, { paint, gutter, width }: SnippetStyle): string[] {
  const indent = gutter + 3 + name.length + 2;
  const [first = '', ...rest] = wrapped(text, Math.max(30, width - indent));
  return [noteHead(name, first, paint, gutter), ...rest.map((line) => ' '.repeat(indent) + line)];
}

function noteHead(name: string, text: string, paint: Paint, gutter: number): string {
  const head = `${' '.repeat(gutter)} ${paint('=', 'blue', 'bold')} ${paint(`${name}:`, 'bold')}`;
  return text === '' ? head : `${head} ${text}`;
}

/**
 * `path:` and a line for each place, numbered. Of a path over many devices the end says most, beside the
 * beginning: places are left out before its last ones.
 */
function placesNote(name: string, related: readonly RelatedPlace[], style: SnippetStyle): string[] {
  if (related.length === 0) return [];
  const { paint, gutter, width } = style;
  const last = name === 'path' && related.length > MAX_PLACES ? LAST_PLACES : 0;
  const rows = related
    .map(({ file, line, message }, index) => ({
      number: index + 1,
      place: `${visible(file)}:${line}`,
      message: visible(message),
    }))
    .filter((_, index) => index < MAX_PLACES - last || index >= related.length - last);
  const placeWidth = Math.min(MAX_PLACE_WIDTH, Math.max(...rows.map(({ place }) => widthOfText(place))));
  const numberWidth = String(rows.at(-1)?.number ?? 0).length;
  const indent = gutter + 5 + numberWidth + 2 + placeWidth + 2;
  const further = related.length - rows.length;
  const gap = `${' '.repeat(gutter + 5)}... and ${counted(further, 'further place')}`;
  const lines = [noteHead(name, '', paint, gutter)];
  for (const { number, place, message } of rows) {
    if (further > 0 && last > 0 && number === related.length - last + 1) lines.push(gap);
    const [first = '', ...rest] = wrapped(message, Math.max(30, width - indent));
    const counter = String(number).padStart(numberWidth);
    lines.push(`${' '.repeat(gutter + 5)}${counter}. ${paint(padded(place, placeWidth), 'cyan')}  ${first}`);
    for (const line of rest) lines.push(' '.repeat(indent) + line);
  }
  if (further > 0 && last === 0) lines.push(gap);
  return lines;
}

/** The first fix as a diff; the others by their titles. */
function fixNote(fixes: readonly Fix[], file: string, context: FindingContext, style: SnippetStyle): string[] {
  const [fix, ...others] = fixes;
  if (fix === undefined) return [];
  const { paint, gutter } = style;
  const lines = note('fix', `${visible(fix.title)}${proofInWords(fix)}`, style);
  for (const hunk of hunksOf(fix.edits, context.fileAt)) {
    const where = hunk.file === file ? '' : ` ${visible(hunk.file)}`;
    lines.push(
      where === '' ? gutterLine(paint, gutter, '', '') : `${' '.repeat(gutter)}${paint('-->', 'blue', 'bold')}${where}`,
    );
    for (const { sign, number, text } of hunk.lines.slice(0, MAX_DIFF_LINES)) {
      const shown = `${sign} ${sourceLine(text, style)}`.trimEnd();
      const painted = sign === '+' ? paint(shown, 'green') : sign === '-' ? paint(shown, 'red') : paint(shown, 'dim');
      lines.push(gutterLine(paint, gutter, number === undefined ? '' : String(number), painted));
    }
    const further = hunk.lines.length - MAX_DIFF_LINES;
    if (further > 0) lines.push(gutterLine(paint, gutter, '', `... and ${counted(further, 'further line')}`));
  }
  lines.push(gutterLine(paint, gutter, '', ''));
  for (const other of others) lines.push(...note('or', `${visible(other.title)}${proofInWords(other)}`, style));
  return lines;
}

function proofInWords({ proof }: Fix): string {
  if (proof.closes && proof.changesOnly) return ' (proved: it closes the flow, and changes nothing else)';
  return proof.closes ? ' (proved: it closes the flow)' : '';
}
