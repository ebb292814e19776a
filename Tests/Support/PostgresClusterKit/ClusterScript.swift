/// Creates a cluster, waits for the end of the starting process, and removes the cluster.
///
/// The end shows as the end of standard input, whatever ended the process. Arguments: the port.
enum ClusterScript {
    static let text = #"""
        set -eu
        trap '' INT TERM HUP
        port=$1
        bin=${WEIR_POSTGRES_BIN:-$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)}
        directory=$(mktemp -d "${TMPDIR:-/tmp}/weir-postgres-XXXXXX")
        owned() { "$@"; }
        # The server refuses to run as root.
        if [ "$(id -u)" = 0 ]; then
            chown postgres "$directory"
            owned() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
        fi
        clean() {
            for data in "$directory"/*/; do
                [ ! -e "$data/postmaster.pid" ] || owned "$bin/pg_ctl" -D "$data" -m immediate -w stop || true
            done
            rm -rf "$directory"
        }
        trap clean EXIT
        cd "$directory"
        echo weir > password
        chmod 644 password
        owned "$bin/initdb" -D "$directory/primary" -U weir --auth-local=trust --auth-host=scram-sha-256 \
            --pwfile="$directory/password" -E UTF8 --locale=C.UTF-8 --no-sync > initdb.log 2>&1
        # Nothing of this has to outlive the machine.
        cat >> primary/postgresql.conf <<END
        listen_addresses = '127.0.0.1'
        port = $port
        unix_socket_directories = '$directory'
        fsync = off
        max_connections = 500
        max_locks_per_transaction = 256
        shared_buffers = 64MB
        wal_level = replica
        max_wal_senders = 8
        wal_keep_size = 256MB
        log_line_prefix = 'in %d: '
        END
        owned "$bin/pg_ctl" -D "$directory/primary" -l "$directory/primary/log" -w -t 60 start > start.log 2>&1 ||
            { cat initdb.log start.log primary/log >&2; exit 1; }
        echo "$bin $directory"
        cat > /dev/null
        """#
}
