/**
 * Globs, matched in time linear in the path: a set of places in the glob is carried along the path.
 *
 * Site files and workspace settings come with the configurations, from whoever wrote those. As a
 * backtracking regular expression, a glob of a few stars takes hours for a name made to fit it.
 */

/** A longer glob is a mistake, or made to cost time. */
export const MAX_GLOB_LENGTH = 1000;
/** `{1..500}` is as many alternatives; a longer range is taken for its own letters. */
const MAX_RANGE = 1000;

/** A bracket that is closed no sooner stands for itself. */
const MAX_CLASS = 100;

type Ranges = readonly (readonly [first: number, last: number])[];

/** A step of a compiled glob. Where nothing else is said, the next one follows. */
type Step =
  | { readonly kind: 'one'; readonly code: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'class'; readonly ranges: Ranges; readonly isNegated: boolean }
  | { readonly kind: 'all' }
  /** Goes on at each of these places, without taking a character. */
  | { readonly kind: 'fork'; readonly to: number[] }
  | { readonly kind: 'end' };

const SLASH = 0x2f;

/**
 * `*` is any run of characters within one name, `?` one of them, `[a-z]` and `[!a-z]` one of a set;
 * `**` as a whole name is any number of folders; `{a,b}` and `{1..9}` are alternatives; `\` takes the
 * next character for itself. Names that begin with a dot are as others.
 */
export function compileGlob(glob: string): (path: string) => boolean {
  const steps = stepsOf([...glob]);
  return (path) => run(steps, path);
}

const compiled = new Map<string, (path: string) => boolean>();

/** As `compileGlob`, for globs that come again and again. */
export function matchesGlob(glob: string, path: string): boolean {
  let matcher = compiled.get(glob);
  if (matcher === undefined) {
    // An editor left open for months sees many versions of its site file.
    if (compiled.size >= 1000) compiled.clear();
    matcher = compileGlob(glob);
    compiled.set(glob, matcher);
  }
  return matcher(path);
}

/** Whether a text has characters that make it a glob. */
export function isGlob(text: string): boolean {
  return /[*?]|\[[^\]]{1,100}\]|\{[^{}]*(?:,|\.\.)/.test(text);
}

/** A glob as the folder that all its paths are in, and what they match there; `rest` is empty where it is no glob. */
export function splitGlob(glob: string): { readonly folder: string; readonly rest: string } {
  if (!isGlob(glob)) return { folder: glob, rest: '' };
  const magic = glob.search(/[*?[{]/);
  const slash = glob.lastIndexOf('/', magic);
  return { folder: slash === 0 ? '/' : glob.slice(0, Math.max(slash, 0)), rest: glob.slice(slash + 1) };
}

interface OpenBrace {
  /** The step that leads to each of the alternatives. */
  readonly fork: { readonly kind: 'fork'; readonly to: number[] };
  /** The steps at the alternatives' ends, which lead behind the brace. */
  readonly ends: { readonly kind: 'fork'; readonly to: number[] }[];
}

function stepsOf(characters: readonly string[]): Step[] {
  const steps: Step[] = [];
  const closing = bracesOf(characters);
  const open: { readonly brace: OpenBrace; readonly closesAt: number }[] = [];
  const fork = (...to: number[]) => {
    const step = { kind: 'fork' as const, to };
    steps.push(step);
    return step;
  };
  const one = (character: string) => steps.push({ kind: 'one', code: character.codePointAt(0) as number });
  /** Any number of one kind of character. */
  const many = (kind: 'any' | 'all') => {
    const start = steps.length;
    fork(start + 1, start + 3);
    steps.push({ kind });
    fork(start);
  };

  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] as string;
    const inner = open.at(-1);
    if (character === '\\' && at + 1 < characters.length) {
      at += 1;
      one(characters[at] as string);
    } else if (character === '*') {
      let last = at;
      while (characters[last + 1] === '*') last += 1;
      const isName = isEdge(characters[at - 1]) && isEdge(characters[last + 1]);
      if (last === at || !isName) many('any');
      else if (characters[last + 1] !== '/') many('all');
      else {
        // Any number of folders: nothing, or anything that ends with a slash.
        const skip = fork(steps.length + 1);
        many('all');
        one('/');
        skip.to.push(steps.length);
        last += 1;
      }
      at = last;
    } else if (character === '?') {
      steps.push({ kind: 'any' });
    } else if (character === '[') {
      const end = classEnd(characters, at);
      if (end === undefined) one(character);
      else {
        steps.push(classOf(characters.slice(at + 1, end)));
        at = end;
      }
    } else if (character === '{' && closing.has(at)) {
      const closesAt = closing.get(at) as number;
      const numbers = numbersBetween(characters, at, closesAt);
      const brace: OpenBrace = { fork: fork(), ends: [] };
      brace.fork.to.push(steps.length);
      if (numbers === undefined) open.push({ brace, closesAt });
      else {
        for (const [index, number] of numbers.entries()) {
          if (index > 0) brace.fork.to.push(steps.length);
          for (const digit of String(number)) one(digit);
          brace.ends.push(fork());
        }
        for (const end of brace.ends) end.to.push(steps.length);
        at = closesAt;
      }
    } else if (character === ',' && inner !== undefined) {
      inner.brace.ends.push(fork());
      inner.brace.fork.to.push(steps.length);
    } else if (inner?.closesAt === at) {
      for (const end of inner.brace.ends) end.to.push(steps.length);
      open.pop();
    } else one(character);
  }
  steps.push({ kind: 'end' });
  return steps;
}

/** Whether `**` beside the character is a whole name. */
function isEdge(character: string | undefined): boolean {
  return character === undefined || character === '/' || character === '{' || character === ',' || character === '}';
}

/** The places of the braces that hold alternatives, and of those that close them. */
function bracesOf(characters: readonly string[]): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const open: { readonly at: number; isChoice: boolean }[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at];
    const inner = open.at(-1);
    if (character === '\\') at += 1;
    else if (character === '[') at = classEnd(characters, at) ?? at;
    else if (character === '{') open.push({ at, isChoice: false });
    else if (inner === undefined) continue;
    else if (character === ',') inner.isChoice = true;
    else if (character === '}') {
      open.pop();
      if (inner.isChoice || numbersBetween(characters, inner.at, at) !== undefined) closing.set(inner.at, at);
    }
  }
  return closing;
}

/** The numbers of `{1..9}`, whose braces stand at these places; undefined where they hold no range. */
function numbersBetween(characters: readonly string[], start: number, end: number): number[] | undefined {
  if (end - start > 32) return undefined;
  const range = /^(\d{1,9})\.\.(\d{1,9})$/.exec(characters.slice(start + 1, end).join(''));
  const [first, last] = [Number(range?.[1]), Number(range?.[2])];
  if (range === null || last < first || last - first >= MAX_RANGE) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** The place of the bracket that closes a set; a bracket at its beginning is a member. */
function classEnd(characters: readonly string[], start: number): number | undefined {
  const first = characters[start + 1] === '!' || characters[start + 1] === '^' ? start + 2 : start + 1;
  for (let at = first + 1; at < Math.min(characters.length, start + MAX_CLASS); at += 1) {
    if (characters[at] === '/') return undefined;
    if (characters[at] === ']') return at;
  }
  return undefined;
}

function classOf(members: readonly string[]): Step {
  const isNegated = members[0] === '!' || members[0] === '^';
  const codes = (isNegated ? members.slice(1) : members).map((member) => member.codePointAt(0) as number);
  const ranges: [number, number][] = [];
  for (let at = 0; at < codes.length; at += 1) {
    const first = codes[at] as number;
    const last = codes[at + 1] === 0x2d ? codes[at + 2] : undefined;
    ranges.push([first, last ?? first]);
    if (last !== undefined) at += 2;
  }
  return { kind: 'class', ranges, isNegated };
}

function run(steps: readonly Step[], path: string): boolean {
  /** For each step, the last character before which it was reached. */
  const reached = new Int32Array(steps.length).fill(-1);
  let now: number[] = [];
  const reach = (list: number[], first: number, position: number): void => {
    const pending = [first];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (reached[at] === position) continue;
      reached[at] = position;
      const step = steps[at] as Step;
      if (step.kind === 'fork') for (const next of step.to) pending.push(next);
      else list.push(at);
    }
  };
  let position = 0;
  reach(now, 0, position);
  for (const character of path) {
    const code = character.codePointAt(0) as number;
    position += 1;
    const next: number[] = [];
    for (const at of now) if (takes(steps[at] as Step, code)) reach(next, at + 1, position);
    if (next.length === 0) return false;
    now = next;
  }
  return now.includes(steps.length - 1);
}

function takes(step: Step, code: number): boolean {
  switch (step.kind) {
    case 'one':
      return step.code === code;
    case 'any':
      return code !== SLASH;
    case 'class':
      return code !== SLASH && step.ranges.some(([first, last]) => first <= code && code <= last) !== step.isNegated;
    case 'all':
      return true;
    default:
      return false;
  }
}
