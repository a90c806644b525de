import type { Origin } from '../../model/origin.js';
import { redact } from '../../text/redact.js';
import type { SourceFile } from '../../text/source-file.js';

const LONGEST_LABEL = 200;
/** What may hold a secret, or more than one line. */
const NEEDS_CARE = /\n|comment|prefix/;

/** A place in a file, with its own words, without what may be a secret. */
export function originIn({ path, text }: SourceFile, start: number, end: number): Origin {
  if (end - start <= LONGEST_LABEL) {
    const label = text.slice(start, end);
    if (!NEEDS_CARE.test(label)) return { file: path, start, end, label };
  }
  // It takes its time, and few of a large ruleset are ever shown.
  return {
    file: path,
    start,
    end,
    get label() {
      return labelOf(text, start, end);
    },
  };
}

function labelOf(text: string, start: number, end: number): string {
  let label = text.slice(start, Math.min(end, start + 4 * LONGEST_LABEL));
  if (label.includes('\n')) label = label.replace(/\s*\n\s*/g, ' ');
  if (label.includes('comment') || label.includes('prefix')) label = redact(label);
  return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL)}...` : label.trimEnd();
}
