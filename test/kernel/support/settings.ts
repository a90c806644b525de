/** How many rulesets a run of the tests makes, and from which seed; see scripts/test.mjs. */
export const SETTINGS = {
  rulesets: Number(process.env.ADVISORY_LENS_KERNEL_RULESETS ?? 200),
  packets: 500,
  seed: Number(process.env.ADVISORY_LENS_SEED ?? 1),
} as const;
