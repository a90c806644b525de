import { AAA } from './aaa.js';
import { CRYPTO } from './crypto.js';
import { ACL, OBJECT_GROUP, ROUTE_MAP } from './filters.js';
import { GLOBAL } from './global.js';
import { INTERFACE } from './interface.js';
import { LINE } from './line.js';
import { OTHER_BLOCK } from './other-block.js';
import { CLASS_MAP, POLICY_MAP } from './policies.js';
import { ROUTER } from './router.js';
import { VLAN, VRF } from './vlan-vrf.js';
import type { LineContext, PhraseTable } from './vocabulary.js';

/**
 * Every vocabulary. `unmodelled` stands on the lines that matter by themselves: the header of an
 * inspect policy, and not each line of its body. Lines that the reader models are `unmodelled` here
 * where they matter, since only a spelling that it could not read is looked up.
 */
export const KNOWN: Readonly<Record<LineContext, PhraseTable>> = {
  global: GLOBAL,
  interface: INTERFACE,
  router: ROUTER,
  line: LINE,
  vlan: VLAN,
  vrf: VRF,
  acl: ACL,
  'object-group': OBJECT_GROUP,
  'class-map': CLASS_MAP,
  'policy-map': POLICY_MAP,
  'route-map': ROUTE_MAP,
  crypto: CRYPTO,
  aaa: AAA,
  'other-block': OTHER_BLOCK,
};

/**
 * What may stand in any context. `description:` is what some tools write in a description's place
 * when they make a configuration anonymous.
 */
export const COMMON: Pick<PhraseTable, 'ignored'> = {
  ignored: {
    '': 'description description: do end exit exit-address-family quit',
  },
};
