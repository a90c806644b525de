import type { Node } from '../../dataplane/network.js';
import { type HeaderSpace, HeaderSpaceManager } from '../../headerspace/header-space.js';
import type { Interface } from '../../model/device.js';
import type { Bounds } from './bounds.js';
import type { Rewriting } from './rewriting.js';
import type { Stop } from './stops.js';
import type { Through } from './through.js';
import type { Exit, FilterUse, Visit, Walk } from './walk.js';

/** What became of headers from where they entered a device, through all devices behind it. */
interface KeptWalk {
  readonly bounds: Bounds;
  readonly visited: readonly Visit[];
  readonly rewriting: Rewriting;
  readonly redirected: boolean;
  /** The devices that they met: it holds as long as these are as they were. */
  readonly touched: ReadonlySet<Node>;
  readonly steps: number;
  readonly effort: number;
  readonly through: Through;
  readonly exits: readonly Exit[];
  readonly filters: readonly FilterUse[];
  readonly stops: readonly Stop[];
}

/**
 * Edges that a manager may have made if its sets are to be used again. What a question costs may decide where
 * its answer stops being exact, and sets that are there already cost nothing: far below that, none does.
 */
const MOST_KEPT_EDGES = 1_000_000;

/**
 * One question, asked again and again while the devices change: it goes anew only through those that did,
 * and those on the way to them.
 *
 * Next hops must lead into the same devices, and the same wires be there, from one time to the next.
 */
export class KeptWalks {
  /** Of all sets of the question, the kept ones among them. */
  readonly manager = new HeaderSpaceManager();
  #before = new Map<Interface, KeptWalk[]>();
  #now = new Map<Interface, KeptWalk[]>();
  #nodes: ReadonlySet<Node> = new Set();
  #headers: HeaderSpace | undefined;
  #question: readonly unknown[] = [];

  /** @param question all that the answer hangs on beside the headers and the devices, to be compared by identity */
  start(nodes: ReadonlySet<Node>, headers: HeaderSpace, question: readonly unknown[]): void {
    const isSame =
      headers === this.#headers &&
      question.length === this.#question.length &&
      question.every((one, at) => one === this.#question[at]);
    this.#before = isSame ? this.#now : new Map();
    this.#now = new Map();
    this.#nodes = nodes;
    this.#headers = headers;
    this.#question = question;
  }

  /**
   * Ends the question.
   * @param isExact whether all its sets are still there, and none was too dear to be exact
   * @returns whether it may be asked again with what is kept
   */
  finish(isExact: boolean): boolean {
    this.#before = new Map();
    return isExact && this.manager.diagram.edgesMade <= MOST_KEPT_EDGES;
  }

  /** As `enter` does it, or as it did before. */
  enter(walk: Walk, iface: Interface, bounds: Bounds, enter: (walk: Walk) => Through): Through {
    const known = this.#before.get(iface)?.find((one) => this.#isSame(one, walk, bounds));
    if (known !== undefined) {
      walk.steps.left -= known.steps;
      walk.effort.left -= known.effort;
      return this.#add(walk, iface, known);
    }
    const [steps, effort] = [walk.steps.left, walk.effort.left];
    const own = {
      ...walk,
      query: { ...walk.query, touched: new Set<Node>() },
      exits: [],
      filters: [],
      stops: [],
      approximate: { found: false },
    } satisfies Walk;
    const through = enter(own);
    const { visited, redirected, tags } = walk;
    const kept: KeptWalk = {
      bounds,
      visited,
      rewriting: tags.rewriting,
      redirected,
      touched: own.query.touched,
      steps: steps - walk.steps.left,
      effort: effort - walk.effort.left,
      through,
      exits: own.exits,
      filters: own.filters,
      stops: own.stops,
    };
    if (own.approximate.found) walk.approximate.found = true;
    return this.#add(walk, iface, kept);
  }

  #isSame(one: KeptWalk, { visited, redirected, tags, steps, effort }: Walk, { must, may }: Bounds): boolean {
    return (
      one.bounds.must === must &&
      one.bounds.may === may &&
      one.redirected === redirected &&
      // What would be cut short is cut short.
      one.steps < steps.left &&
      one.effort < effort.left &&
      sameRewriting(one.rewriting, tags.rewriting) &&
      one.visited.length === visited.length &&
      one.visited.every(
        ({ iface, rewriting }, at) => iface === visited[at]?.iface && sameRewriting(rewriting, visited[at].rewriting),
      ) &&
      isAmong(one.touched, this.#nodes)
    );
  }

  #add(walk: Walk, iface: Interface, kept: KeptWalk): Through {
    for (const node of kept.touched) walk.query.touched.add(node);
    for (const exit of kept.exits) walk.exits.push(exit);
    for (const filter of kept.filters) walk.filters.push(filter);
    for (const stop of kept.stops) walk.stops.push(stop);
    const there = this.#now.get(iface);
    if (there === undefined) this.#now.set(iface, [kept]);
    else there.push(kept);
    return kept.through;
  }
}

/** Whether all devices are still there as they were. */
export function isAmong(touched: ReadonlySet<Node>, nodes: ReadonlySet<Node>): boolean {
  for (const node of touched) if (!nodes.has(node)) return false;
  return true;
}

export function sameRewriting(a: Rewriting, b: Rewriting): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
