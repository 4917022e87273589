#!/usr/bin/env bash
# Tries the package as a new administrator would, following docs/guide word for word, in a clean Debian that is booted:
#
#   packaging/debian/try.sh PACKAGE.deb [FOLDER]
#
# Run as root on Debian or Ubuntu; needs debootstrap and systemd-container, and no network but the mirror that apt uses here. In FOLDER
# the clean root is kept for the next time. It ends at the first thing that is not as it should be, and says which; nothing is left.
# A first run takes some three minutes, one with a kept root about one and a half.
#
# Everything happens in a machine with a network of its own, so that ports and services of this one are not touched.
set -euo pipefail
package=$(realpath "$1")
kept=${2:-}
host=sync.example.test
data=/var/lib/counterfoil
# What an ordinary server has beyond the least there can be.
ordinary=systemd,systemd-sysv,dbus,sudo,ca-certificates,openssl,curl,jq,iproute2

work=$(mktemp -d)
root="$work/root"
machine=""
began=$SECONDS
checks=0

leave() {
    local code=$?
    if ((code != 0)) && [[ -n $machine ]]; then
        echo "=== the last lines of the server's log"
        inside 'journalctl -u counterfoil -o cat --no-pager | tail -15; tail -3 /var/lib/counterfoil*/logs/*.log 2>/dev/null' || true
    fi
    if [[ -n $machine ]]; then
        kill "$machine" 2>/dev/null || true
        wait "$machine" 2>/dev/null || true
    fi
    rm -rf "$work"
    exit "$code"
}
trap leave EXIT

step() { echo "=== $* ($((SECONDS - began)) s)"; }

# ok WHAT COMMAND...: the command must succeed.
ok() {
    local what=$1
    shift
    if ! "$@" >"$work/out" 2>&1; then
        cat "$work/out"
        echo "NOT AS IT SHOULD BE: $what"
        exit 1
    fi
    checks=$((checks + 1))
    echo "ok  $what"
}

# is WHAT WANTED FOUND
is() {
    if [[ $3 != "$2" ]]; then
        echo "NOT AS IT SHOULD BE: $1: wanted “$2”, found “$3”"
        exit 1
    fi
    checks=$((checks + 1))
    echo "ok  $1: $3"
}

# has WHAT TEXT FOUND: the text stands in what was found.
has() {
    if [[ $3 != *"$2"* ]]; then
        echo "NOT AS IT SHOULD BE: $1: “$2” does not stand in"
        echo "$3"
        exit 1
    fi
    checks=$((checks + 1))
    echo "ok  $1: $2"
}

# The commands of the guide are run as it says: as the service's user, with its data and its settings.
prelude='counterfoil() {
    sudo -u counterfoil --preserve-env=COUNTERFOIL_BILLCOM_PASSWORD,COUNTERFOIL_BILLCOM_DEV_KEY,COUNTERFOIL_USER_PASSWORD \
        /usr/bin/counterfoil --data "${DATA:-/var/lib/counterfoil}" --config /etc/counterfoil/counterfoil.toml "$@"
}
set -euo pipefail
cd /srv
'

# Runs a script in the machine, as its administrator.
inside() {
    local leader
    leader=$(tr -d ' ' <"/proc/$machine/task/$machine/children")
    nsenter -t "$leader" -a -- /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv LANG=C.UTF-8 DATA="$data" \
        bash -c "$prelude$1"
}

# until_true WHAT SECONDS SCRIPT
until_true() {
    local what=$1 since=$SECONDS
    until inside "$3" >"$work/out" 2>&1; do
        if ((SECONDS - since > $2)); then
            cat "$work/out"
            echo "NOT AS IT SHOULD BE: $what did not happen within $2 s"
            exit 1
        fi
        sleep 1
    done
    checks=$((checks + 1))
    echo "ok  $what ($((SECONDS - since)) s)"
}

make_root() {
    local suite mirror
    suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(ORIGIN) $(COMPONENT)' "Created-By: Packages" |
        awk -v suite="$suite" '$2 == suite && ($3 == "Debian" || $3 == "Ubuntu") && $4 == "main" { print $1; exit }')
    if [[ -z $mirror ]]; then
        echo "apt knows no mirror of $suite; run apt-get update first"
        exit 1
    fi
    debootstrap --variant=minbase --include="$ordinary" "$suite" "$1" "$mirror" >"$work/debootstrap.log" 2>&1 || {
        tail -20 "$work/debootstrap.log"
        exit 1
    }
}

boot() {
    # Not made known to this machine, which then needs no systemd of its own.
    systemd-nspawn --quiet --directory="$root" --register=no --keep-unit --private-network --console=pipe --boot >"$work/boot.log" 2>&1 </dev/null &
    machine=$!
    local since=$SECONDS
    until inside 'systemctl is-system-running' 2>/dev/null | grep -Eq 'running|degraded'; do
        if ((SECONDS - since > 60)) || ! kill -0 "$machine" 2>/dev/null; then
            tail -20 "$work/boot.log"
            echo "the machine does not boot"
            exit 1
        fi
        sleep 1
    done
}

# A root, an authority below it, and a certificate of the server: docs/guide/certificates.md.
make_authority() {
    inside "mkdir -p /srv/ca && cd /srv/ca
openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.crt -days 3650 -subj '/CN=Office root' \
    -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign
openssl req -newkey rsa:2048 -nodes -keyout issuing.key -out issuing.csr -subj '/CN=Office issuing'
printf 'basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n' >issuing.ext
openssl x509 -req -in issuing.csr -CA root.crt -CAkey root.key -CAcreateserial -days 1825 -extfile issuing.ext -out issuing.crt"
}

make_certificate() {
    inside "cd /srv/ca
openssl req -newkey rsa:2048 -nodes -keyout privkey.pem -out server.csr -subj '/CN=$host'
printf 'subjectAltName=DNS:$host\nextendedKeyUsage=serverAuth\nkeyUsage=critical,digitalSignature,keyEncipherment\nbasicConstraints=critical,CA:false\n' >server.ext
openssl x509 -req -in server.csr -CA issuing.crt -CAkey issuing.key -CAcreateserial -days 397 -extfile server.ext -out server.crt
cat server.crt issuing.crt >fullchain.pem"
}

install_certificate() {
    inside "install -d -o root -g counterfoil -m 0750 /etc/counterfoil/tls
install -o root -g counterfoil -m 0640 /srv/ca/$1 /etc/counterfoil/tls/fullchain.pem
install -o root -g counterfoil -m 0640 /srv/ca/privkey.pem /etc/counterfoil/tls/privkey.pem"
}

setting() { inside "sed -i 's|^#*$1 = .*|$1 = \"$2\"|' /etc/counterfoil/counterfoil.toml && grep -qx '$1 = \"$2\"' /etc/counterfoil/counterfoil.toml"; }

pid() { inside 'systemctl show -P MainPID counterfoil'; }

# How many sessions of the practice connector have ended well.
sessions() { inside "journalctl -u practice-connector -o cat --no-pager | grep -c ': done\$' || true"; }

three_sessions() {
    local seen
    seen=$(sessions)
    until_true "$1: three sessions over https" 90 "[ \$(journalctl -u practice-connector -o cat --no-pager | grep -c ': done\$') -ge $((seen + 3)) ]"
}

# Three sessions more, and nothing is left to do.
settle() {
    three_sessions "$1"
    until_true "$1: idle" 60 'counterfoil status practice --json | jq -e .idle'
}

# Both simulators' own books, without their ids: never what the server thinks of them.
books() {
    inside 'cat /run/practice/books.txt' >"$work/quickbooks.$1"
    inside 'key=$(jq -r .key /srv/billcom.json) org=$(jq -r .org /srv/billcom.json) url=http://127.0.0.1:8081/api/v2
ask() { curl -sf "$url/$1.json" --data-urlencode "devKey=$key" "${@:2}"; }
session=$(ask Login --data-urlencode userName=Counterfoil --data-urlencode password=practice-token --data-urlencode "orgId=$org" | jq -r .response_data.sessionId)
for entity in ChartOfAccount Department ActgClass Vendor Customer Item Bill VendorCredit SentPay Invoice ReceivedPay; do
    ask "List/$entity" --data-urlencode "sessionId=$session" --data-urlencode "data={\"start\":0,\"max\":999}" |
        jq -r ".response_data[] | [\"$entity\", .accountNumber, .name, .invoiceNumber, .refNumber, .vendorId, .customerId, .invoiceDate, .processDate, .amount, .isActive] | map(. // \"\" | tostring) | @tsv"
done | sort' >"$work/billcom.$1"
}

same_books() {
    local side
    for side in quickbooks billcom; do
        if ! diff "$work/$side.$1" "$work/$side.$2"; then
            echo "NOT AS IT SHOULD BE: $side's books are not the same $3"
            exit 1
        fi
        checks=$((checks + 1))
        echo "ok  $side holds the same $(wc -l <"$work/$side.$2") records $3"
    done
}

step "a clean root"
if [[ -n $kept && -d $kept/etc ]]; then
    cp -a "$kept" "$root"
else
    make_root "$root"
    [[ -z $kept ]] || cp -a "$root" "$kept"
fi
install -D -m 0644 "$package" "$root/srv/counterfoil.deb"
echo office >"$root/etc/hostname"
printf '127.0.0.1 localhost office %s\n' "$host" >"$root/etc/hosts"
echo "$(du -sm "$root" | cut -f1) MB"

step "boot"
boot

step "docs/guide/install.md: install"
inside 'sudo DEBIAN_FRONTEND=noninteractive apt-get install -y ./counterfoil.deb' >"$work/install.log" 2>&1 || { cat "$work/install.log"; exit 1; }
has "the package says what is next" "systemctl enable --now counterfoil" "$(<"$work/install.log")"
is "warnings" "0" "$(grep -ci warn "$work/install.log" || true)"
is "the account cannot sign in" "/usr/sbin/nologin" "$(inside 'getent passwd counterfoil | cut -d: -f7')"
is "settings are for the service alone" "root:counterfoil 640" "$(inside "stat -c '%U:%G %a' /etc/counterfoil/counterfoil.toml")"
is "their folder too" "root:counterfoil 750" "$(inside "stat -c '%U:%G %a' /etc/counterfoil")"
is "the data folder" "counterfoil:counterfoil 700" "$(inside "stat -c '%U:%G %a' $data")"
is "it is not started before it has settings" "inactive" "$(inside 'systemctl is-active counterfoil || true')"
ok "the unit holds no mistake" inside 'systemd-analyze verify counterfoil.service'
setting public_url "https://$host"
ok "enabled and started as the guide says" inside 'systemctl enable --now counterfoil'
is "it starts with the machine" "enabled" "$(inside 'systemctl is-enabled counterfoil')"
# A later notice of systemd that could break the sandbox is seen here.
has "exposure" "OK" "$(inside 'systemd-analyze security counterfoil | tail -1')"
echo "    $(inside 'systemd-analyze security counterfoil | tail -1')"
status=$(inside 'cat /proc/$(systemctl show -P MainPID counterfoil)/status')
is "its only capability is to listen on low ports" "0000000000000400" "$(awk '/^CapEff/ { print $2 }' <<<"$status")"
is "system calls are filtered" "2" "$(awk '/^Seccomp:/ { print $2 }' <<<"$status")"
echo "    memory $(awk '/^VmRSS/ { print $2, $3 }' <<<"$status")"
is "the key is its owner's" "counterfoil:counterfoil 600" "$(inside "stat -c '%U:%G %a' $data/server.key")"

step "docs/guide/certificates.md: a private authority"
make_authority >"$work/openssl.log" 2>&1 || { cat "$work/openssl.log"; exit 1; }
make_certificate >"$work/openssl.log" 2>&1 || { cat "$work/openssl.log"; exit 1; }
inside 'install -m 0644 /srv/ca/root.crt /usr/local/share/ca-certificates/office-root.crt && update-ca-certificates' >/dev/null 2>&1
install_certificate server.crt
setting listen "0.0.0.0:443"
setting tls_cert /etc/counterfoil/tls/fullchain.pem
setting tls_key /etc/counterfoil/tls/privkey.pem
inside 'systemctl restart counterfoil'
has "a missing intermediate is told at the start" "Office issuing" "$(inside 'journalctl -u counterfoil -o cat --no-pager | grep WARN || true')"
has "and by doctor" "Office issuing" "$(inside 'counterfoil doctor --local || true')"
install_certificate fullchain.pem
inside 'systemctl restart counterfoil'
has "the whole chain is well" "ok       certificate: the chain is complete and for $host" "$(inside 'counterfoil doctor --local')"
ok "https is trusted by this machine" inside "curl -sSf https://$host/readyz"

step "the first owner"
link=$(inside 'journalctl -u counterfoil -o cat --no-pager | grep setup | tail -1 | grep -o "https://[^ ]*"')
has "the link bears the name" "https://$host/setup/" "${link%/*}/"
inside "curl -sSf -c jar -o page '$link' && csrf=\$(sed -n 's/.*name=\"csrf\" value=\"\\([^\"]*\\)\".*/\\1/p' page | head -1)
curl -sS -o /dev/null -w '%{http_code}' -b jar -c jar -H 'Origin: https://$host' --data-urlencode csrf=\"\$csrf\" --data-urlencode name=Ada \
    --data-urlencode 'password=three wet towels in May' --data-urlencode 'again=three wet towels in May' '$link' >code
curl -sS -L -o overview -w '%{http_code} %{url_effective}' -b jar -c jar https://$host/people >seen"
is "it makes the first owner" "303" "$(inside 'cat code')"
is "who is signed in then" "200 https://$host/people" "$(inside 'cat seen')"
is "and works once" "404" "$(inside "curl -sS -o /dev/null -w '%{http_code}' '$link'")"
has "who may sign in" "Ada" "$(inside 'counterfoil user list')"

step "docs/guide/companies.md: a company, against both simulators"
inside 'mkdir -p /run/practice && systemd-run --quiet --unit=practice-billcom /usr/bin/counterfoil simulate billcom'
until_true "a Bill.com organisation to practise on" 10 'journalctl -u practice-billcom -o cat | grep "Developer key"'
inside 'said=$(journalctl -u practice-billcom -o cat)
jq -n --arg org "$(awk "/^Organisation/ { print \$2 }" <<<"$said")" --arg key "$(awk "/^Developer key/ { print \$3 }" <<<"$said")" "{org: \$org, key: \$key}" >billcom.json'
inside 'export COUNTERFOIL_BILLCOM_PASSWORD=practice-token COUNTERFOIL_BILLCOM_DEV_KEY=$(jq -r .key billcom.json)
counterfoil company add Practice --billcom-url http://127.0.0.1:8081/api/v2 --billcom-org "$(jq -r .org billcom.json)" --billcom-user Counterfoil \
    --set start_date=2020-01-01 --set read_interval=0s --set poll_interval=2s --json >company.json
counterfoil company qwc practice >practice.qwc'
is "its address" "https://$host/qbwc/practice" "$(inside 'jq -r .app_url company.json')"
is "its .qwc file bears the https address" "https://$host/qbwc/practice" "$(inside "sed -n 's|.*<AppURL>\\(.*\\)</AppURL>.*|\\1|p' practice.qwc")"
# A real Web Connector comes every quarter of an hour.
inside "sed 's|<RunEveryNMinutes>.*|<RunEveryNSeconds>2</RunEveryNSeconds>|' practice.qwc >often.qwc
systemd-run --quiet --unit=practice-connector /usr/bin/counterfoil simulate connector --qwc /srv/often.qwc --password \"\$(jq -r .password company.json)\" --books /run/practice/books.txt"
until_true "two sessions over https" 60 "[ \$(journalctl -u practice-connector -o cat --no-pager | grep -c ': done\$') -ge 2 ]"
books before
is "nothing is written before it is started" "preview" "$(inside 'counterfoil status practice --json | jq -r .mode')"
ok "a backup of before anything travelled" inside "counterfoil backup $data/early.tar"
inside 'counterfoil company start practice'
settle "both sides written"
books after
for side in quickbooks billcom; do
    has "$side got records" "yes" "$([[ $(wc -l <"$work/$side.after") -gt $(wc -l <"$work/$side.before") ]] && echo yes)"
    echo "    $(wc -l <"$work/$side.before") records before, $(wc -l <"$work/$side.after") after"
done
echo "    $(inside 'counterfoil status practice --json | jq -c "[.intents, .links]"')"
echo "    $(inside 'counterfoil check practice --json | jq -c "{equal, differences: (.differences | length)}" || true')"

step "a renewed certificate, without a restart"
served() { inside "openssl s_client -connect $host:443 -servername $host </dev/null 2>/dev/null | openssl x509 -noout -serial"; }
old=$(served) running=$(pid)
make_certificate >"$work/openssl.log" 2>&1
install_certificate fullchain.pem
new=$(inside 'openssl x509 -noout -serial -in /srv/ca/server.crt')
until_true "the renewed one is served" 15 "openssl s_client -connect $host:443 -servername $host </dev/null 2>/dev/null | openssl x509 -noout -serial | grep -qx '$new'"
has "it is another one" "yes" "$([[ $old != "$new" ]] && echo yes)"
is "by the same process" "$running" "$(pid)"
settle "with the renewed one"

step "doctor"
inside 'counterfoil doctor' >"$work/doctor" || { cat "$work/doctor"; exit 1; }
is "nothing is to be mended" "0" "$(grep -c '^FAILURE' "$work/doctor" || true)"
echo "    $(grep -c '^ok' "$work/doctor") well, $(grep -c '^WARNING' "$work/doctor" || true) warnings"

step "docs/guide/secrets.md: the key sealed to this machine"
inside "systemd-creds encrypt --name=counterfoil.key $data/server.key /etc/counterfoil/counterfoil.key.cred
mkdir -p /etc/systemd/system/counterfoil.service.d
printf '[Service]\nLoadCredentialEncrypted=counterfoil.key:/etc/counterfoil/counterfoil.key.cred\n' >/etc/systemd/system/counterfoil.service.d/key.conf
systemctl daemon-reload
mv $data/server.key /srv/server.key
systemctl restart counterfoil" 2>/dev/null
three_sessions "with the sealed key alone"
has "a command without it gives up" "the server key is not here" "$(inside 'counterfoil company qwc practice --new-password' 2>&1 || true)"
is "and makes none" "none" "$(inside "test -e $data/server.key || echo none")"
has "one that is handed it works" "\"mode\": \"running\"" "$(inside 'systemd-run --quiet --pipe --wait --uid=counterfoil \
    -p LoadCredentialEncrypted=counterfoil.key:/etc/counterfoil/counterfoil.key.cred /usr/bin/counterfoil --data /var/lib/counterfoil status practice --json')"
inside "mv /srv/server.key $data/server.key && rm /etc/systemd/system/counterfoil.service.d/key.conf && systemctl daemon-reload && systemctl restart counterfoil"

step "an upgrade over the running service"
version=$(dpkg-deb -f "$package" Version)
dpkg-deb -R "$package" "$work/newer"
sed -i "s/^Version: .*/Version: $version+1/" "$work/newer/DEBIAN/control"
dpkg-deb --root-owner-group --build "$work/newer" "$root/srv/newer.deb" >/dev/null
running=$(pid)
inside 'dpkg -i /srv/newer.deb' >"$work/install.log" 2>&1 || { cat "$work/install.log"; exit 1; }
is "the new version is there" "$version+1" "$(inside "dpkg-query -W -f '\${Version}' counterfoil")"
is "it runs" "active" "$(inside 'systemctl is-active counterfoil')"
has "as another process" "yes" "$([[ $(pid) != "$running" ]] && echo yes)"
is "the settings were kept" "public_url = \"https://$host\"" "$(inside 'grep ^public_url /etc/counterfoil/counterfoil.toml')"
settle "after the upgrade"
books upgraded
same_books after upgraded "after the upgrade"

step "docs/guide/backup.md: the early backup, in another folder"
inside "systemctl stop counterfoil
install -d -o counterfoil -g counterfoil -m 0700 $data-new
DATA=$data-new counterfoil restore $data/early.tar
install -o counterfoil -g counterfoil -m 0600 $data/server.key $data-new/server.key
mkdir -p /etc/systemd/system/counterfoil.service.d
printf '[Service]\nStateDirectory=counterfoil-new\nEnvironment=COUNTERFOIL_DATA=$data-new\n' >/etc/systemd/system/counterfoil.service.d/data.conf
systemctl daemon-reload"
data=$data-new
setting log_file "$data/logs/counterfoil.log"
inside 'systemctl start counterfoil'
is "it is as it was then" "preview" "$(inside 'counterfoil status practice --json | jq -r .mode')"
three_sessions "both sides read anew"
inside 'counterfoil company start practice'
settle "started again"
books restored
same_books after restored "although the backup knew of none that travelled since"
has "the server tells what it does" "INFO" "$(inside "cat $data/logs/counterfoil.log")"
is "the log went to its file" "counterfoil:counterfoil 600" "$(inside "stat -c '%U:%G %a' $data/logs/counterfoil.log")"
is "which holds no password" "0" "$(inside "grep -c -e \"\$(jq -r .password company.json)\" -e practice-token $data/logs/counterfoil.log || true")"

step "removed, purged, installed again"
inside 'dpkg -r counterfoil' >/dev/null 2>&1
is "the service ended" "inactive" "$(inside 'systemctl is-active counterfoil || true')"
ok "the data is there" inside "test -s $data/companies/practice.db"
inside 'dpkg -P counterfoil' >/dev/null 2>&1
ok "also after --purge" inside "test -s $data/companies/practice.db -a -s $data/server.key"
is "the settings are gone" "gone" "$(inside 'test -e /etc/counterfoil/counterfoil.toml || echo gone')"
inside 'dpkg -i /srv/counterfoil.deb' >/dev/null 2>&1
setting public_url "https://$host"
setting listen "0.0.0.0:443"
setting tls_cert /etc/counterfoil/tls/fullchain.pem
setting tls_key /etc/counterfoil/tls/privkey.pem
ok "started again" inside 'systemctl enable --now counterfoil'
settle "on the old data"
books again
same_books after again "after all that"
# It tells of rules at its end.
ended=$(sessions)
inside 'systemctl stop practice-connector'
is "the practice connector saw no rule broken" "0" "$(inside "journalctl -u practice-connector -o cat --no-pager | grep -c 'broke a rule' || true")"
echo "=== all $checks checks are as they should be: $ended sessions, $((SECONDS - began)) s"
