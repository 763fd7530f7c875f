#!/bin/sh
# Makes a virtual environment with pip in it, by whatever this machine has: venv, uv, or virtualenv fetched by pip.
# usage: make-venv.sh FOLDER     ($PYTHON may name the interpreter; it must be Python 3.11 or newer)
set -eu

venv=$1

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "Cartograph needs Python 3.11 or newer; none was found (name one with: make PYTHON=/path/to/python3)." >&2
    exit 1
}

python=$(find_python)
rm -rf "$venv"
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv "$venv"
elif command -v uv >/dev/null; then
    uv venv --quiet --seed --python "$python" "$venv"
elif "$python" -c 'import virtualenv' 2>/dev/null; then
    "$python" -m virtualenv --quiet "$venv"
elif "$python" -c 'import pip' 2>/dev/null; then
    "$python" -m pip install --quiet --target "$venv.bootstrap" virtualenv
    PYTHONPATH="$venv.bootstrap" "$python" -m virtualenv --quiet "$venv"
    rm -rf "$venv.bootstrap"
else
    cat >&2 <<MESSAGE
This Python can't make virtual environments: it comes without ensurepip, and there is neither pip nor uv.
On Debian and Ubuntu this mends it; then run make again:

    sudo apt-get install python3-venv
MESSAGE
    exit 1
fi
