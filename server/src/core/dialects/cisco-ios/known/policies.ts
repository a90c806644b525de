import type { PhraseTable } from './vocabulary.js';

/** Class maps only pick packets: what is done to them stands in a policy map. */
export const CLASS_MAP: PhraseTable = {
  ignored: {
    '': 'match rename',
  },
  unmodelled: {},
};

/**
 * Policy maps: queueing and marking pass every packet on, inspection and `drop` do not. A policy of
 * type `control subscriber` has numbered lines.
 */
export const POLICY_MAP: PhraseTable = {
  ignored: {
    '': `
      account bandwidth class compression conform-action conform-color dbl estimate event exceed-action fair-queue
      flow header-compression log max-reserved-bandwidth monitor netflow-sampler police priority queue-buffers
      queue-limit random-detect react rename service-policy set shape trust violate-action`,
    '#': `
      aaa activate authenticate authentication-restart authorize class clear-authenticated-data-hosts-on-port
      clear-session deactivate err-disable event map pause protect replace restrict resume service set-timer
      shutdown terminate unauthorize`,
  },
  unmodelled: {
    '': 'allow content-scan deny drop inspect pass redirect reset service urlfilter',
    '#': 'service-policy',
    '# activate': 'service-template',
    'conform-action': 'drop',
    'service-policy': 'avc gtpv1 http im imap p2p pop3 smtp sunrpc urlfilter',
  },
};
