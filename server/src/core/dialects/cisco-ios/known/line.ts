import type { PhraseTable } from './vocabulary.js';

/** Console, auxiliary, terminal and asynchronous lines: the way to the device, never through it. */
export const LINE: PhraseTable = {
  ignored: {
    '': `
      absolute-timeout access-class accounting activation-character arap async async-bootp authorization autobaud
      autocommand autocommand-options autohangup autoselect buffer-length callback data-character-bits databits
      default-value disconnect-character dispatch-character dispatch-machine dispatch-timeout domain-lookup editing
      escape-character exec exec-banner exec-character-bits exec-timeout flowcontrol flush-at-activation full-help
      history hold-character insecure international ip ipv6 keymap-type lat length location lockable logging login
      logout-warning modem modem-dtr-delay monitor motd-banner notify padding parity password printer private
      privilege refuse-message rotary rxspeed script session-disconnect-warning session-limit session-timeout
      special-character-bits speed start-character stop-character stopbits telnet terminal terminal-queue
      terminal-type timeout transport tunnel txspeed udptn usb-inactivity-timeout vacant-message width`,
  },
  unmodelled: {},
};
