# Sourced by the scripts in tools/: installs what a step needs, or says what to install.

# install_apt COMMAND PACKAGE...: true when COMMAND is there or could be installed.
install_apt() {
    local command=$1
    shift
    command -v "$command" >/dev/null && return 0
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        echo "   installing $*"
        if apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1; then
            return 0
        fi
        apt-get update >/dev/null 2>&1
        apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 && return 0
    fi
    echo "   $command is missing: apt-get install $*"
    return 1
}

install_dotnet() {
    if command -v dotnet >/dev/null && dotnet --version >/dev/null 2>&1; then
        return 0
    fi
    install_apt dotnet dotnet-sdk-10.0 && dotnet --version >/dev/null 2>&1 && return 0
    echo "   the .NET SDK $(sed 's/[^0-9.]*\([0-9.]*\).*/\1/' global.json) or later is missing: https://dot.net"
    return 1
}
