# What the scripts of this directory share. They run in the root of the repository.

# The one that needs what may not be installed comes first: a release without it fails at once.
TARGETS=(x86_64-pc-windows-gnu x86_64-unknown-linux-musl aarch64-unknown-linux-musl)
AUDITABLE=0.7.7

work=$PWD/target/packaging
venv=$work/venv
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)

# The time of every file in an archive: that of the commit.
if [[ -z ${SOURCE_DATE_EPOCH:-} ]]; then
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
fi
export SOURCE_DATE_EPOCH

fail() {
    echo "packaging: $*" >&2
    exit 1
}

# Installs the pinned tools from PyPI, once for each list of them.
python_tools() {
    local stamp=$venv/installed
    cmp --silent packaging/requirements.txt "$stamp" && return
    rm -rf "$venv"
    # Joined: where a caller goes on after a failure, the shell does not stop at the first.
    python3 -m venv "$venv" &&
        "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement packaging/requirements.txt &&
        cp packaging/requirements.txt "$stamp"
}

# What compiles and links for Windows: Debian's mingw-w64, and nasm for the assembler of the cryptography.
has_mingw() {
    command -v x86_64-w64-mingw32-gcc >/dev/null && command -v nasm >/dev/null && return
    [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return
    local wanted=(gcc-mingw-w64-x86-64 nasm)
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${wanted[@]}" >/dev/null 2>&1 || {
        apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${wanted[@]}"
    } >/dev/null 2>&1
}

# cargo-auditable lists the crates inside the program. It is kept beside cargo's registry: its path counts in what rustc
# is given, and has to be the same for each checkout.
auditable=${CARGO_HOME:-$HOME/.cargo}/zpakey-packaging
rust_tools() {
    [[ $("$auditable/bin/cargo-auditable" --version 2>/dev/null) == *$AUDITABLE* ]] && return
    CARGO_TARGET_DIR=$work/tools cargo install --quiet --locked --root "$auditable" --version "$AUDITABLE" cargo-auditable
}
