import type { DefinitionKind, Reference } from '../../model/device.js';
import type { Origin } from '../../model/origin.js';
import { SourceFile } from '../../text/source-file.js';
import { emptyStatements, type StatementState, type Statements } from '../../text/statements.js';
import { codesOf, isBlankCode } from '../common/codes.js';
import { Words } from '../common/words.js';
import {
  emptyConfig,
  type IosAccessList,
  type IosConfig,
  type IosCryptoMap,
  type IosInterface,
  type IosNetworkGroup,
  type IosPolicyMap,
  type IosServiceGroup,
  type IosVrf,
} from './config.js';
import type { LineContext } from './known-lines.js';

/** What a subject's reader answers to a line that is not its own. */
export const NOT_MINE = 0;
export type LineResult = StatementState | typeof NOT_MINE;

/** A definition whose block is still open. */
interface OpenDefinition {
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly origin: Origin;
  readonly start: number;
  readonly label: string;
  end: number;
}

/**
 * What is known while a file is read from top to bottom: the line at hand, the block it stands in,
 * and the configuration so far.
 */
export class Reader {
  /** See `AceColumns.kept`. */
  static readonly kept = new Reader(new SourceFile('', ''), emptyStatements());

  readonly file: SourceFile;
  readonly text: string;
  /** The text's characters, for what reads every one of them. */
  readonly codes: Uint8Array;
  readonly statements: Statements;
  readonly config: IosConfig = emptyConfig();
  readonly words = new Words();
  /** The line at hand: its statement, and its text without the blanks around it. */
  row = 0;
  at = 0;
  end = 0;
  /** The block that is open, and what it is about. */
  context: LineContext = 'global';
  ifaces: readonly IosInterface[] = [];
  list: IosAccessList | undefined;
  networkGroup: IosNetworkGroup | undefined;
  serviceGroup: IosServiceGroup | undefined;
  vlans: readonly number[] = [];
  vrf: { readonly name: string; readonly config: IosVrf } | undefined;
  /** Of a routing process: `OSPF 1`. */
  process: string | undefined;
  routeMap: string | undefined;
  policyMap: IosPolicyMap | undefined;
  cryptoMap: IosCryptoMap | undefined;
  /** The numbered list that the last global `access-list` line was of. */
  numbered: { readonly number: number; readonly list: IosAccessList } | undefined;
  /** Whether the line at hand stands in a block inside the block. */
  nested = false;
  /** The line that opened the block: its row and its indentation. */
  openerRow = -1;
  openerIndent = 0;
  /** Whether a line of the block was indented deeper than the line that opened it. */
  sawDeeper = false;
  #open: OpenDefinition[] = [];

  constructor(file: SourceFile, statements: Statements) {
    this.file = file;
    this.text = file.text;
    this.codes = codesOf(file.text);
    this.statements = statements;
  }

  /** Sets the words to the line at hand, and says whether it begins with `no` (or `default`, which undoes as well). */
  begin(): boolean {
    const { words } = this;
    words.set(this.text, this.at, this.end);
    if (words.accept('no') || words.accept('default', 3)) return true;
    return false;
  }

  line(): string {
    return this.text.slice(this.at, this.end);
  }

  /** The line at hand as an origin. Only for lines that hold no secret. */
  lineOrigin(): Origin {
    return { file: this.file.path, start: this.at, end: this.end, label: this.line() };
  }

  /** The current word as an origin. */
  wordOrigin(): Origin {
    const { words } = this;
    return { file: this.file.path, start: words.start, end: words.stop, label: words.word() };
  }

  /** Opens a block; what the one before was about is forgotten. */
  enter(context: LineContext): void {
    this.leave();
    this.context = context;
    this.openerRow = this.row;
    this.openerIndent = this.indent();
    this.sawDeeper = false;
  }

  /** Back to global commands. */
  leave(): void {
    this.closeDefinitions();
    this.context = 'global';
    this.ifaces = [];
    this.list = undefined;
    this.networkGroup = undefined;
    this.serviceGroup = undefined;
    this.vlans = [];
    this.vrf = undefined;
    this.process = undefined;
    this.routeMap = undefined;
    this.policyMap = undefined;
    this.cryptoMap = undefined;
    this.nested = false;
  }

  /** Notes that the block at hand defines `name`, written at `start` to `end`; it grows until the block is left. */
  define(kind: DefinitionKind, name: string, start: number, end: number): void {
    const origin: Origin = { file: this.file.path, start, end, label: name };
    this.#open.push({ kind, name, origin, start: this.at, end: this.end, label: this.line() });
  }

  /** The open block goes on to the end of the line at hand. */
  extendDefinitions(): void {
    for (const open of this.#open) open.end = this.end;
  }

  closeDefinitions(): void {
    for (const { kind, name, origin, start, end, label } of this.#open) {
      this.config.definitions.push({ kind, name, origin, block: { file: this.file.path, start, end, label } });
    }
    this.#open = [];
  }

  /** Notes that the current word names something. */
  refer(kind: DefinitionKind, use: Reference['use'] = 'other'): void {
    const { words, config } = this;
    // An `interface range` reads one line for each of its interfaces.
    if (config.references.at(-1)?.origin.start === words.start) return;
    config.references.push({ kind, name: words.word(), use, origin: this.wordOrigin() });
  }

  /** Notes that a line about filters, NAT or routes was not understood. */
  noteUnread(): void {
    this.config.unread.push(this.lineOrigin());
  }

  /** Whether the indentation says that the line at hand is part of the block. */
  isDeeper(): boolean {
    return this.indent() > this.openerIndent;
  }

  /** How far the line at hand is indented; a tab counts as one. */
  indent(): number {
    let from = this.at;
    while (from > 0) {
      const code = this.codes[from - 1] as number;
      if (code === 10 || code === 13 || !isBlankCode(code)) break;
      from -= 1;
    }
    return this.at - from;
  }
}
