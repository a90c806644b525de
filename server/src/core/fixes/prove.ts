import type { AdvisoryFlow } from '../advisories/advisory.js';
import { dialectById, isReadInFolder, readAgain } from '../dialects/registry.js';
import type { Reading } from '../model/reading.js';
import { aliasesOf } from '../review/aliases.js';
import { deliversTheSame, nothingLeaves, withoutHomes } from '../review/homes.js';
import { isBlocked, judgeAliases } from '../review/judge.js';
import type { Review } from '../review/review.js';
import { surroundingsOf } from '../review/surroundings.js';
import type { Verdict } from '../review/verdict.js';
import { applyEdits } from '../text/edit.js';
import { SourceFile } from '../text/source-file.js';
import { changesOnly } from './changes-only.js';
import type { Proposal } from './edits.js';

export interface Proof {
  /** Every one of the verdicts is "blocked" now; of a fix at the edge, nothing leaves, and what was delivered is. */
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
  { edits, released, keepsDelivered }: Proposal,
  flow: AdvisoryFlow,
  verdicts: readonly Verdict[],
  rebuild: (readings: ReadonlyMap<string, Reading>) => Review,
): Proof {
  const readings = readAfter(review, edits);
  if (readings === undefined) return { closes: false, changesOnly: false };
  const after = rebuild(readings);
  return {
    closes:
      verdicts.length > 0 &&
      verdicts.every((verdict) => (keepsDelivered ? closesOnlyEdge(review, after, verdict) : closes(after, verdict))),
    changesOnly: changesOnly(review.network, after.network, {
      destinations: flow.destinations,
      ...(released === undefined ? {} : { released }),
    }),
  };
}

/** The files as they read after the edits: those that are edited, and those that take in what they say. */
function readAfter(review: Review, edits: Proposal['edits']): ReadonlyMap<string, Reading> | undefined {
  const edited = new Set(edits.map((edit) => edit.file));
  const files = new Map(review.files);
  for (const path of edited) {
    // What another file takes in need not be a configuration by itself.
    const text = (review.readings.get(path)?.file ?? review.files.get(path))?.text;
    if (text === undefined) return undefined;
    const changed = applyEdits(
      text,
      edits.filter((edit) => edit.file === path),
    );
    files.set(path, new SourceFile(path, changed));
  }
  const readings = new Map(review.readings);
  for (const [path, reading] of review.readings) {
    if (!edited.has(path) && reading.includes?.some((one) => edited.has(one)) !== true) continue;
    const dialect = dialectById(reading.device.dialect);
    const file = files.get(path);
    if (dialect === undefined || file === undefined) return undefined;
    readings.set(
      path,
      readAgain(dialect, reading, file, reading.device.name, surroundingsOf(path, files, isReadInFolder)),
    );
  }
  return readings;
}

/** Whether the same question has the answer "blocked" now. A question that is gone is not answered. */
function closes(after: Review, before: Verdict): boolean {
  const segment = after.segments.find((one) => one.name === before.segment.name);
  const member = segment?.members.find(
    ({ node, iface }) => node.device.name === before.member.node.device.name && iface.name === before.member.iface.name,
  );
  if (segment === undefined || member === undefined) return false;
  const { advisory, flow, aliases } = before;
  if (aliases === undefined) return isBlocked(after.network, flow, segment, member);
  const names = aliasesOf(after.network, flow);
  return judgeAliases(after.network, advisory, flow, segment, member, names) === undefined;
}

/** Whether nothing leaves now, nor would with the networks inside gone, and all is delivered that was. */
function closesOnlyEdge(review: Review, after: Review, before: Verdict): boolean {
  const without = withoutHomes(after, before);
  return (
    deliversTheSame(review, after, before) &&
    nothingLeaves(after.network, before) &&
    (without === undefined || nothingLeaves(without, before))
  );
}
