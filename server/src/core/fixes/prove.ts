import type { AdvisoryFlow } from '../advisories/advisory.js';
import { dialectById, readAgain } from '../dialects/registry.js';
import type { Reading } from '../model/reading.js';
import { isBlocked } from '../review/judge.js';
import type { Review } from '../review/review.js';
import type { Verdict } from '../review/verdict.js';
import { applyEdits } from '../text/edit.js';
import { SourceFile } from '../text/source-file.js';
import { changesOnly } from './changes-only.js';
import type { Proposal } from './edits.js';

export interface Proof {
  /** Every one of the verdicts is "blocked" now. */
  readonly closes: boolean;
  /**
   * Every filter passes what it passed before, less packets to the flow's destinations; where a mask
   * was corrected, also more of what only the wrong mask denied.
   */
  readonly changesOnly: boolean;
}

/**
 * Proves a fix: applies the edits to the text, reads it again, and judges again.
 * @param rebuild the review of other readings; it judges nothing itself
 */
export function prove(
  review: Review,
  { edits, released }: Proposal,
  flow: AdvisoryFlow,
  verdicts: readonly Verdict[],
  rebuild: (readings: ReadonlyMap<string, Reading>) => Review,
): Proof {
  const readings = new Map(review.readings);
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const reading = readings.get(file);
    const dialect = reading === undefined ? undefined : dialectById(reading.device.dialect);
    if (reading === undefined || dialect === undefined) return { closes: false, changesOnly: false };
    const text = applyEdits(
      reading.file.text,
      edits.filter((edit) => edit.file === file),
    );
    readings.set(file, readAgain(dialect, reading, new SourceFile(file, text), reading.device.name));
  }
  const after = rebuild(readings);
  return {
    closes: verdicts.length > 0 && verdicts.every((verdict) => closes(after, verdict)),
    changesOnly: changesOnly(review.network, after.network, {
      destinations: flow.destinations,
      ...(released === undefined ? {} : { released }),
    }),
  };
}

/** Whether the same question has the answer "blocked" now. A question that is gone is not answered. */
function closes(after: Review, before: Verdict): boolean {
  const segment = after.segments.find((one) => one.name === before.segment.name);
  const member = segment?.members.find(
    ({ node, iface }) => node.device.name === before.member.node.device.name && iface.name === before.member.iface.name,
  );
  if (segment === undefined || member === undefined) return false;
  return isBlocked(after.network, before.flow, member);
}
