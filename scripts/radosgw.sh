#!/bin/sh
# An S3 server for tests: Ceph's gateway over one monitor and one disk in memory, on loopback, without authentication
# between them. It lives as long as its standard input is open, so it ends with the process that started it.
# usage: radosgw.sh FOLDER MONITOR_PORT PORT    (Debian packages radosgw, ceph-mon, ceph-osd; the key pair is test, test)
set -eu
folder=$1 monitor=$2 port=$3
mkdir -p "$folder/osd"
cd "$folder"
fsid=$(cat /proc/sys/kernel/random/uuid)

# Clients of the monitor insist on encryption, which needs authentication, unless told `crc`. The monitor gathers
# proposals for a second unless told otherwise, and making the gateway's pools takes a dozen.
cat > ceph.conf <<END
[global]
fsid = $fsid
mon host = 127.0.0.1:$monitor
public network = 127.0.0.0/8
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
paxos propose interval = 0.02
mon allow pool size one = true
osd pool default size = 1
osd pool default pg num = 1
osd crush chooseleaf type = 0
run dir = $folder
log file = $folder/\$name.log
admin socket = $folder/\$name.asok
[mon.a]
mon data = $folder/mon
[osd.0]
osd data = $folder/osd
osd objectstore = memstore
memstore device bytes = 4294967296
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port
END
export CEPH_CONF="$folder/ceph.conf"

pids=
trap 'kill $pids; wait' EXIT
trap 'exit 1' INT TERM

monmaptool --create --add a "127.0.0.1:$monitor" --fsid "$fsid" monmap
ceph-mon -i a --mkfs --monmap monmap
ceph-mon -i a -f & pids="$pids $!"

# `--mkfs` asks the monitor for the cluster's id unless it finds it here.
echo "$fsid" > osd/fsid
ceph osd new "$fsid" 0
ceph-osd -i 0 --mkfs --osd-uuid "$fsid"
ceph-osd -i 0 -f & pids="$pids $!"
ceph osd crush add osd.0 1 root=default host=loopback

radosgw-admin user create --uid=test --display-name=test --access-key=test --secret-key=test
radosgw -n client.rgw -f --no-mon-config & pids="$pids $!"
cat > /dev/null
