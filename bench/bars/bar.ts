/** One line of the table. */
export interface Row {
  readonly work: string;
  /** What was measured, with its unit. */
  readonly measured: string;
  /** The floor of the same run; absent for what is no time. */
  readonly floor?: string;
  /** Measured by floor. */
  readonly ratio?: number;
  readonly bar: string;
  readonly passes: boolean;
}

/** Measures one kind of work. `folder` is empty, its own, and removed afterwards. */
export type Bar = (folder: string) => Row[] | Promise<Row[]>;

/** A row whose bar is a multiple of the floor. */
export function ratioRow(work: string, measuredMs: number, floorMs: number, most: number): Row {
  const ratio = measuredMs / floorMs;
  return { work, measured: ms(measuredMs), floor: ms(floorMs), ratio, bar: `≤ ${most} ×`, passes: ratio <= most };
}

/** A row whose bar is a time; the floor is told all the same, since the time hangs on the machine. */
export function timeRow(work: string, measuredMs: number, floorMs: number, mostMs: number): Row {
  return {
    work,
    measured: ms(measuredMs),
    floor: ms(floorMs),
    ratio: measuredMs / floorMs,
    bar: `≤ ${ms(mostMs)}`,
    passes: measuredMs <= mostMs,
  };
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}
