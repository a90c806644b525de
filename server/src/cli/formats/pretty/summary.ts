import type { Level, Report, ReportVerdict, VerdictWord } from '../../../core/report.js';
import { visible, widthOfText } from './cells.js';
import { LEVEL_STYLE, type Paint, VERDICT_STYLE } from './paint.js';
import { counted, padded, wrapped } from './words.js';

/** From the worst to the best. */
const VERDICTS: readonly VerdictWord[] = ['reachable', 'possible', 'blocked'];
const NOUN: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', info: 'note', hint: 'hint' };
const NOT_FOUND = 'not found';

export interface NotAnalysedCounts {
  readonly files: number;
  /** Files that are no text, and were passed over. */
  readonly binaries: number;
}

interface Row {
  readonly segment: string;
  readonly verdict: VerdictWord | typeof NOT_FOUND;
  readonly details: string;
}

/** One line a segment: its worst verdict, and what makes it so. */
export function verdictTable(report: Report, paint: Paint): string[] {
  const rows = [...rowsOf(report), ...inboundRowsOf(report)];
  if (rows.length === 0) return [];
  const segmentWidth = rows.reduce((most, { segment }) => Math.max(most, widthOfText(segment)), 0);
  const verdictWidth = rows.reduce((most, { verdict }) => Math.max(most, verdict.length), 0);
  return rows.map(({ segment, verdict, details }) => {
    const painted =
      verdict === NOT_FOUND
        ? paint(padded(verdict, verdictWidth), 'yellow')
        : paint(padded(verdict, verdictWidth), VERDICT_STYLE[verdict], 'bold');
    return `  ${padded(segment, segmentWidth)}  ${painted}  ${details}`.trimEnd();
  });
}

function rowsOf(report: Report): Row[] {
  const names = [
    ...new Set([...report.segments.map(({ name }) => name), ...report.verdicts.map(({ segment }) => segment)]),
  ];
  return names.map((name) => {
    const worst = worstOf(report, name, undefined);
    const segment = visible(name);
    if (worst === undefined) return { segment, verdict: NOT_FOUND, details: 'no configuration has it' };
    return { segment, verdict: worst.verdict, details: detailsOf(worst) };
  });
}

/** What comes to the segments from outside, where it was asked. */
function inboundRowsOf(report: Report): Row[] {
  return report.segments.flatMap(({ name }) => {
    const worst = worstOf(report, name, 'to-segment');
    if (worst === undefined) return [];
    const entrance = visible(`in by ${worst.interface} of ${worst.device}`);
    const details = worst.verdict === 'blocked' ? detailsOf(worst) : entrance;
    return [{ segment: visible(`${name}, from outside`), verdict: worst.verdict, details }];
  });
}

function worstOf(report: Report, name: string, asked: ReportVerdict['direction']): ReportVerdict | undefined {
  const own = report.verdicts.filter(({ segment, direction }) => segment === name && direction === asked);
  return VERDICTS.flatMap((word) => own.filter(({ verdict }) => verdict === word))[0];
}

function detailsOf(verdict: ReportVerdict): string {
  if (verdict.verdict === 'blocked') {
    const [by] = verdict.blockedBy;
    if (by === undefined) return '';
    const place = by.file === undefined ? '' : ` (${by.file}${by.line === undefined ? '' : `:${by.line}`})`;
    return visible(`by ${by.name} on ${by.device}${place}`);
  }
  const [exit] = verdict.exits;
  const how = verdict.outcome === 'delivered' ? 'delivered on' : 'leaves by';
  const where =
    exit === undefined
      ? ''
      : `, ${how} ${[exit.interface, exit.device].filter((part) => part !== undefined).join(' of ')}`;
  const hosts = verdict.hosts.length === 0 ? 'no hard-coded host' : verdict.hosts.join(', ');
  return visible(`${hosts}${where}`);
}

/** What was taken for granted, each assumption once. */
export function assumptionLines(report: Report, width: number): string[] {
  const assumptions = [...new Set(report.verdicts.flatMap((verdict) => verdict.assumptions))];
  return assumptions.flatMap((assumption) => {
    const [first = '', ...rest] = wrapped(visible(assumption), width - 4);
    return [`  - ${first}`, ...rest.map((line) => `    ${line}`)];
  });
}

/** `3 errors, 2 warnings in 2 files; 5 segments: 2 reachable, 1 possible, 2 blocked; 1 file not analysed`. */
export function summaryLine(report: Report, notAnalysed: NotAnalysedCounts, paint: Paint): string {
  const levels = (Object.keys(NOUN) as Level[]).flatMap((level) => {
    const count = report.findings.filter((finding) => finding.level === level).length;
    return count === 0 ? [] : [paint(counted(count, NOUN[level]), LEVEL_STYLE[level], 'bold')];
  });
  const places = new Set(report.findings.map(({ file }) => file)).size;
  const found = levels.length === 0 ? 'No findings' : `${levels.join(', ')} in ${counted(places, 'file')}`;
  const parts = [`${found} (${counted(report.files.length, 'configuration')} judged)`, segmentsInWords(report, paint)];
  if (notAnalysed.files > 0) parts.push(paint(`${counted(notAnalysed.files, 'file')} not analysed`, 'yellow', 'bold'));
  if (notAnalysed.binaries > 0) parts.push(`${counted(notAnalysed.binaries, 'binary file')} passed over`);
  return parts.join('; ');
}

function segmentsInWords(report: Report, paint: Paint): string {
  const rows = rowsOf(report);
  if (rows.length === 0) return paint('no segment to judge', 'yellow', 'bold');
  const words = [...VERDICTS, NOT_FOUND] as const;
  const counts = words.flatMap((word) => {
    const count = rows.filter(({ verdict }) => verdict === word).length;
    if (count === 0) return [];
    return [paint(`${count} ${word}`, word === NOT_FOUND ? 'yellow' : VERDICT_STYLE[word])];
  });
  return `${counted(rows.length, 'segment')}: ${counts.join(', ')}`;
}
