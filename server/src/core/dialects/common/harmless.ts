/** Commands that do not touch the filters, as far as a script of this sort has them. */
export const HARMLESS: ReadonlySet<string> = new Set(
  `echo printf modprobe insmod rmmod depmod sysctl logger sleep true false : test [ [[ exit return set unset shift export
  readonly local declare typeset read cat touch chmod chown mkdir rm cp mv ln ls grep egrep sed awk cut head tail tr sort
  uniq wc date id whoami uname hostname which type command trap wait kill killall ulimit umask cd pwd ifconfig ip route tc
  arp ethtool brctl vconfig service systemctl rc-service update-rc.d chkconfig netfilter-persistent iptables-save
  ip6tables-save ip6tables ip6tables-restore ebtables arptables iptables-persistent apt apt-get yum dnf dpkg-reconfigure
  log_daemon_msg log_end_msg log_action_msg log_begin_msg success failure action clear let alias shopt basename dirname
  nmcli docker fail2ban-client mapfile readarray conntrack source . eval break continue tee xargs find ping host dig nslookup getent
  curl wget etherwake wakeonlan ntpdate function then fi done esac do else { } ( )`.split(/\s+/),
);
