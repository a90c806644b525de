import type { Reader } from './reader.js';

/** Lines of an interface's block that open a block of their own, whose commands are not the interface's. */
const OPENERS =
  /^(?:service\s+instance\s|vrrp\s+\d+\s+address-family\s|pvc\s|vc-class\s|frame-relay\s+interface-dlci\s|cem\s+\d|tunnel-interface$)/i;
/** What such a block holds where its indentation is lost. */
const INNER_COMMANDS =
  /^(?:no\s+)?(?:encapsulation|bridge-domain|rewrite|l2protocol|xconnect|description|service-policy|errdisable|snmp|cfm|ethernet|mac|encap|protocol|ubr|vbr|cbr|oam)\b/i;
const ROUTER_OPENERS = /^(?:address-family|af-interface|topology|vrf|service-family|template)\s/i;

/** Follows the blocks inside the blocks of interfaces and routing processes. */
export class Nesting {
  #indent = 0;
  #openerRow = -1;

  /** Sets `reader.nested` for the line at hand. */
  follow(reader: Reader): void {
    if (reader.context !== 'interface' && reader.context !== 'router') return;
    const line = reader.text.slice(reader.at, Math.min(reader.end, reader.at + 80));
    const isOpener = (reader.context === 'interface' ? OPENERS : ROUTER_OPENERS).test(line);
    const indent = reader.indent();
    if (this.#openerRow < reader.openerRow) reader.nested = false;
    if (reader.nested && indent <= this.#indent) {
      const isLost = indent === reader.openerIndent && !reader.sawDeeper;
      const stays = isLost && (reader.context === 'router' || INNER_COMMANDS.test(line));
      if (!stays) reader.nested = false;
    }
    if (isOpener) {
      this.#indent = indent;
      this.#openerRow = reader.row;
      this.#pending = true;
    } else if (this.#pending) {
      this.#pending = false;
      const isLost = indent === this.#indent && !reader.sawDeeper && INNER_COMMANDS.test(line);
      reader.nested = this.#openerRow > reader.openerRow && (indent > this.#indent || isLost);
    }
  }

  /** The line before opened a block. */
  #pending = false;
}
