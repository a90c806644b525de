import type { PhraseTable } from '../vocabulary.js';

/** Telephony: ports, dial peers, phones, call control, media resources. */
export const VOICE: PhraseTable = {
  ignored: {
    '': `
      access access-list account accounting-list address after-hours allow-connections ani answer-address
      application asserted-id associate associate-ccm attenuation audio authenticate authorization auto auto-line
      auto-network-detect auto-reg-ephone automatic background bandwidth battery-reversal bearer-cap bind buffer
      bundle busyout button byte cadence call call-agent call-block call-forward caller-id calling-info
      calling-number cas-custom cas-group channel-group clid cnf-file codec comfort-noise compand-type conference
      connect connection connection-reuse cor corlist cptone create credentials date-format default destination
      destination-pattern dial-peer dial-type dialplan-pattern digit-strip direct-inward-dial directory disable-eadi
      disc_pi_off disconnect-ack display-logo dn-webedit dnd dsp dspfarm dtmf dtmf-interworking dtmf-relay dualtone
      e164 e164-pattern-map early-offer echo-cancel em emergency encryption ephone-dn ephone-hunt ephone-type
      error-code-override error-passthru expect-factor extension-assigner fac fallback-dn fast fastreg fax fax-relay
      feature feature-button final forward-digits forwarding from-ring g711 g729 gain gateway group h225 h245 h323
      h323-gateway handle-replaces header-passing hold-alert hunt hunt-group huntstop icpif id impedance incoming
      input ip ip-address isdn keepalive keyphone label list load locale localhost login logout-profile longest
      loopback loopback-test loss-plan lpcor lpcor-type mailbox max-calls max-conferences max-conn max-dn
      max-ephones max-forwards max-pool max-redirect maximum media media-renegotiate member mgcp mid-call-signaling
      midcall-signaling min-se mode modem moh mtp multicast multilink multiplicity music music-threshold mwi
      mwi-server name nat network-locale night-service no-reg non-linear notify nte nte-end-digit-delay num-exp
      number operation outbound outbound-proxy outgoing output overlap-signal paging paramspace park-slot pass-thru
      pattern period permission phone-display phoneload pickup-call pickup-group pin playout-delay port preemption
      preference prefix presence presentation pri-group primary privacy privacy-policy progress_ind protocol proxy
      pulse-digits random-contact reason-header receive redirect redirection referto-passing refuse register
      registrar registration rel1xx req-qos request reset retry ring ringing route route-tag rtcp rtp rtp-nte
      rtp-port rule sccp sdspfarm secondary secondary-dialtone security server service service-phone session
      session-protocol shared-line signal signaling signalling sip sip-profiles sip-server sip-ua soft-key soft-keys
      softkey softkeys source-address speed speed-dial srst srtp station station-id statistics stcapp store
      subaddress supervised supervisory supplementary-service switchback system t38 tag tdm-group tech-prefix
      template time-format time-webedit time-zone timeouts timers timing tls-profile tone transfer
      transfer-digit-length transfer-mode transfer-park transfer-pattern transfer-system translate
      translate-outgoing translation-profile translation-rule transport trunk trunk-group trunkgroup trustpoint type
      update-callerid url usage user user-locale username vad video video-screen vm-integration vmwi voice
      voice-class voicemail voip web weight xml`,
    'ip address': 'trusted',
  },
  unmodelled: {},
};
