import { type ShellFunction, ShellFunctions } from '../common/shell-functions.js';
import type { Standing } from './ruleset.js';
import type { SimpleCommand, Variables } from './shell-words.js';

type Block = 'if' | 'loop' | 'case' | 'function' | 'group';

const CONDITIONS: Readonly<Record<Exclude<Block, 'group'>, string>> = {
  if: 'it stands under a condition of the script',
  loop: 'it stands in a loop of the script',
  case: 'it stands under a condition of the script',
  function: 'it stands in a function of the script',
};

/** What is open where a script is read, and the functions that it makes. */
export class ScriptBlocks {
  readonly functions = new ShellFunctions();
  /** What stands before the bracket that may make it a function. */
  named = '';
  /** Where the line at hand begins. */
  lineStart = 0;
  readonly #variables: Variables;
  readonly #blocks: Block[] = [];
  /** The function whose body is open. */
  #function = '';
  #expectsBody = false;
  #mayBeFunction = false;
  /** Where the line begins that opened the outermost block. */
  #outermost = 0;

  /** @param variables those that a loop sets are forgotten there */
  constructor(variables: Variables) {
    this.#variables = variables;
  }

  get isAtPattern(): boolean {
    return this.#blocks.at(-1) === 'case';
  }

  /**
   * How a command stands that the innermost block is of.
   * @param otherwise why it may not be carried out where no block is open
   */
  standing(otherwise: string | undefined): Standing {
    const innermost = this.#innermost();
    const inFunction = this.#blocks.includes('function');
    const condition = inFunction ? CONDITIONS.function : innermost === undefined ? otherwise : CONDITIONS[innermost];
    return {
      ...(condition === undefined ? {} : { condition }),
      ...(inFunction ? { elsewhere: true } : {}),
      ...(innermost !== undefined && !inFunction ? { block: this.#outermost } : {}),
    };
  }

  #innermost(): Exclude<Block, 'group'> | undefined {
    for (let at = this.#blocks.length - 1; at >= 0; at -= 1) {
      const block = this.#blocks[at];
      if (block !== undefined && block !== 'group') return block;
    }
    return undefined;
  }

  /** Opens and closes blocks; the place of the first word behind the keywords. */
  keywords({ words, joint }: SimpleCommand): number {
    let at = 0;
    for (; at < words.count; at += 1) {
      switch (words.text(at)) {
        case 'if':
          this.#open('if');
          continue;
        case 'while':
        case 'until':
          this.#open('loop');
          continue;
        case 'for':
        case 'select':
          this.#open('loop');
          this.#variables.forget(words.text(at + 1));
          return words.count;
        case 'case':
          this.#open('case');
          // Its first pattern may stand on the same line.
          return words.count;
        case 'then':
        case 'else':
        case 'elif':
        case 'do':
        case '!':
          continue;
        case 'fi':
        case 'done':
        case 'esac':
          this.#blocks.pop();
          continue;
        case '{':
          this.#open('group');
          continue;
        case '}':
          this.#blocks.pop();
          continue;
        case 'function':
          this.#define(words.text(at + 1));
          this.#open('function');
          this.#expectsBody = true;
          at += 1;
          continue;
        default:
      }
      break;
    }
    // `name()`: what follows is its body. A pattern of a `case` ends in a bracket, too.
    if (joint === ')' && this.isAtPattern) return words.count;
    return at;
  }

  #define(name: string): void {
    this.functions.define(name);
    if (!this.#blocks.includes('function')) this.#function = name;
  }

  /** The function whose body the line at hand is of. */
  get body(): ShellFunction | undefined {
    return this.#blocks.includes('function') ? this.functions.define(this.#function) : undefined;
  }

  #open(block: Block): void {
    if (block === 'group' && this.#expectsBody) {
      this.#expectsBody = false;
      return;
    }
    if (this.#blocks.length === 0) this.#outermost = this.lineStart;
    // No script nests so deep; what does is under conditions anyway.
    if (this.#blocks.length < 1000) this.#blocks.push(block);
  }

  brackets({ words, joint }: SimpleCommand): void {
    if (joint === '(') {
      if (words.count > 0) this.#mayBeFunction = true;
      else this.#open('group');
    } else if (joint === ')') {
      if (this.#mayBeFunction) {
        this.#mayBeFunction = false;
        if (!this.#expectsBody) {
          this.#define(this.named);
          this.#open('function');
          this.#expectsBody = true;
        }
      } else if (this.#blocks.at(-1) === 'group') this.#blocks.pop();
    } else this.#mayBeFunction = false;
  }
}
