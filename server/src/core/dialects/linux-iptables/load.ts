import type { SourceFile } from '../../text/source-file.js';
import { splitStatements } from '../common/line-statements.js';
import type { Reading, Surroundings } from '../dialect.js';
import { convert } from './convert.js';
import { FileReader } from './read.js';
import { Loader } from './reader.js';
import { loadUfw, ufwOf } from './ufw.js';

/** A reading with all that was read for it. */
export interface Loaded {
  readonly reading: Reading;
  readonly loader: Loader;
}

/** `create NAME TYPE ...`: what `ipset save` prints. */
const SAVED_SETS = /^(?:ipset )?(?:create|-N) \S+ (?:(?:hash|bitmap|list):|\w+(?:map|hash)\b)/m;

/** What was read, by its reading, for the writer. */
const LOADED = new WeakMap<Reading, Loaded>();

/** What was read for a reading of this dialect. */
export function loadedOf(reading: Reading): Loaded | undefined {
  return LOADED.get(reading);
}

/** Reads a file and the files beside it that it needs. */
export function load(file: SourceFile, fallbackName: string, around?: Surroundings): Loaded {
  const statements = splitStatements(file);
  const loader = new Loader(file, statements);
  const ufw = ufwOf(file, around);
  const includes = ufw === undefined ? [] : loadUfw(loader, ufw, statements);
  if (ufw === undefined) new FileReader(loader, file, statements).read();
  includes.push(...readSets(loader, file, around));
  const isSilent = ufw !== undefined && (!ufw.isFirst || !ufw.enabled);
  const device = convert(loader, fallbackName, [file.path]);
  const claims = [...loader.ruleset.tables.values()]
    .filter((table) => [...table.chains.values()].some((chain) => chain.used))
    .map((table) => `iptables ${table.name}`);
  const reading: Reading = {
    file,
    statements,
    // What another file takes in, or what is switched off, says nothing by itself.
    device: isSilent ? { ...device, policies: [], chains: new Map(), unread: [] } : device,
    claims: isSilent ? [] : claims,
    ...(includes.length === 0 ? {} : { includes }),
  };
  const loaded: Loaded = { reading, loader };
  LOADED.set(reading, loaded);
  return loaded;
}

/** Takes in what `ipset save` has written beside the file, where the file asks for sets that it does not make. */
function readSets(loader: Loader, file: SourceFile, around: Surroundings | undefined): string[] {
  const wanted = loader.references.filter(({ kind }) => kind === 'set').map(({ name }) => name);
  if (around === undefined || wanted.every((name) => loader.sets.sets.has(name))) return [];
  const taken: string[] = [];
  for (const beside of around.find('*')) {
    if (beside.path === file.path || !SAVED_SETS.test(beside.text)) continue;
    // A script that makes sets has filters of its own to say.
    if (/^\*\w+|\biptables\b/m.test(beside.text)) continue;
    const statements = splitStatements(beside);
    loader.open(beside, statements);
    new FileReader(loader, beside, statements).read();
    taken.push(beside.path);
  }
  return taken;
}
