#!/bin/sh
# Installs what the commands of the README need: tools/install.sh demo|test
#
# On Debian from Debian's own packages, and only what is not here yet. Elsewhere it says what is
# missing. Never touches a Rust toolchain: that is the one thing which must be here before.
set -eu

want=${1:?usage: tools/install.sh demo|test}

# Where /dev/null has become a plain file, programs read from it what others threw away, and compilers fail in odd ways.
if [ ! -c /dev/null ]; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "install.sh: /dev/null is no device; as root: rm -f /dev/null && mknod -m 666 /dev/null c 1 3" >&2
        exit 1
    fi
    echo "==> making /dev/null a device again"
    rm -f /dev/null
    mknod -m 666 /dev/null c 1 3
fi

have() { command -v "$1" >/dev/null 2>&1; }

packages=
need() { # need PROGRAM PACKAGE...
    program=$1
    shift
    have "$program" || packages="$packages $*"
}

need cc gcc libc6-dev
need node nodejs
need npm npm
if [ "$want" = test ]; then
    need chromium chromium fonts-dejavu-core
    need valgrind valgrind
    need prometheus prometheus
    # A python3 of the machine's own choice will do if it is new enough and can make environments.
    able='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
    python3 -c "$able" 2>/dev/null || /usr/bin/python3 -c "$able" 2>/dev/null ||
        packages="$packages python3 python3-venv"
fi

if [ -n "$packages" ]; then
    if ! have apt-get; then
        echo "install.sh: these programs are missing, install them and try again (Debian's names):$packages" >&2
        exit 1
    fi
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        have sudo || { echo "install.sh: run as root, or install sudo, to get:$packages" >&2; exit 1; }
        as_root=sudo
    fi
    echo "==> installing$packages"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    $as_root apt-get install -y -qq --no-install-recommends ca-certificates $packages >/dev/null
fi

if ! have cargo; then
    echo "install.sh: no cargo; install Rust 1.95 or newer from https://rustup.rs and try again" >&2
    exit 1
fi
if [ "$want" = test ] && ! { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1; then
    rustup component add rustfmt clippy
fi
