import { StatementState } from '../../text/statements.js';
import type { Reader } from './reader.js';

/** A device's prompt, as terminal captures have it: `core1#`, `core1(config-if)#`, `core1>`. */
const PROMPT = /^[\w.-]{1,64}(\([\w.-]{1,64}\))?[#>]\s*/;
/** What was typed when a configuration follows. */
const SHOWS_CONFIGURATION = /^(?:do\s+)?(?:sh\S*\s+(?:ru|star|conf)|more\s+(?:system:|nvram:)|wr\S*\s+t|conf)/i;

/** What a device prints before a configuration, whatever was typed to get it (`show tech-support` holds one, too). */
const BEGINS_CONFIGURATION =
  /^(?:Building configuration|Uncompressed configuration from|Current configuration\s*:|Using \d+ out of \d+ bytes|version 1\d\.\d+$|-+ show (?:running|startup)-config -+)/i;

/**
 * Follows the prompts of a terminal capture: what was typed behind `core1(config)#` is configuration,
 * and what `core1#show version` printed is not.
 */
export class Terminal {
  /** Inside the output of a command that shows no configuration. */
  #inOutput = false;
  /** Whether configuration has begun and not ended: then no prompt hides what follows it. */
  #inConfiguration = false;

  /** Whether what follows is output of a command that shows no configuration, until a line says otherwise. */
  get isInOutput(): boolean {
    return this.#inOutput;
  }

  /** Whether the line at hand is output of another command. A prompt ends such output, and so does a configuration. */
  hides(reader: Reader): boolean {
    if (!this.#inOutput) return false;
    const line = reader.text.slice(reader.at, Math.min(reader.end, reader.at + 200));
    if (!PROMPT.test(line) && !BEGINS_CONFIGURATION.test(line)) return true;
    this.#inOutput = false;
    return false;
  }

  /** Notes what became of a line. */
  note(reader: Reader, state: StatementState): void {
    if (state === StatementState.modelled) this.#inConfiguration = true;
    else if (state === StatementState.ignored && reader.end - reader.at === 3 && /^end$/i.test(reader.line())) {
      this.#inConfiguration = false;
    }
  }

  /**
   * Looks for a prompt at the beginning of the line at hand.
   * @returns `command` where a configuration command stands behind it (the line then begins there),
   *   `ignored` where it is a prompt and nothing that matters, undefined where it is no prompt
   */
  prompt(reader: Reader): 'command' | 'ignored' | undefined {
    if (!mayBePrompt(reader)) return undefined;
    const prompt = PROMPT.exec(reader.text.slice(reader.at, Math.min(reader.end, reader.at + 200)));
    if (prompt === null) return undefined;
    const rest = reader.at + prompt[0].length;
    if (rest >= reader.end) return 'ignored';
    if (prompt[1]?.startsWith('(config')) {
      reader.at = rest;
      return 'command';
    }
    if (SHOWS_CONFIGURATION.test(reader.text.slice(rest, Math.min(reader.end, rest + 100)))) return 'ignored';
    // In the middle of a configuration such a line is a riddle, and hides nothing.
    if (this.#inConfiguration) return undefined;
    this.#inOutput = true;
    return 'ignored';
  }
}

/** Whether the sign behind the first word is one of a prompt's: nearly no line of a configuration has one. */
function mayBePrompt({ codes, at }: Reader): boolean {
  let next = at;
  while (isNameCode(codes[next] as number)) next += 1;
  const sign = codes[next] as number;
  return sign === 35 || sign === 62 || sign === 40;
}

/** A letter, a digit, or one of `_.-`. */
function isNameCode(code: number): boolean {
  if (code >= 97) return code <= 122;
  if (code >= 65) return code <= 90 || code === 95;
  return (code >= 48 && code <= 57) || code === 46 || code === 45;
}
