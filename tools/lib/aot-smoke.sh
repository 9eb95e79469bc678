# Sourced by tools/test: the NativeAOT smoke program on x64 and, under qemu, on four Arm64 CPUs.
# Uses $logs and the functions say, count and install_apt of its caller.

# smoke_publish RID [OPTION...]
smoke_publish() {
    local rid=$1
    shift
    dotnet publish tests/EdgeDL.AotSmoke -c Release -r "$rid" -o "$logs/$rid" \
        -p:CppCompilerAndLinker=clang-14 -p:LinkerFlavor=lld "$@" --nologo -v quiet \
        >"$logs/publish" 2>&1
}

# smoke_run NAME COMMAND...: runs the program; its output and exit code go to files.
smoke_run() {
    local name=$1
    shift
    "$@" >"$logs/smoke-$name" 2>&1
    echo $? >"$logs/code-$name"
}

# smoke_count NAME: counts the checks of a run that has ended, shows its rows, keeps its digests.
smoke_count() {
    local name=$1 last
    say "AOT smoke, $name: kernel rows, the chosen one in brackets"
    sed -n 's/^  \(.*\[.*\].*\)$/     \1/p' "$logs/smoke-$name"
    last=$(tail -n 1 "$logs/smoke-$name")
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        count "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" 0
        grep '^FAILED' "$logs/smoke-$name" | cut -c 1-400 | head -n 40
    else
        tail -n 30 "$logs/smoke-$name" | cut -c 1-400
        echo "FAILED the program ended with code $(cat "$logs/code-$name") before it could report"
        count 0 1 0
    fi
    echo "   $last"
    grep '^digest' "$logs/smoke-$name" >"$logs/digest-$name"
}

# A process that gave up executable memory (prctl PR_SET_MDWE) falls back to other rows.
smoke_refused() {
    local get=66 set=65 libc='import ctypes, os, sys; control = ctypes.CDLL(None).prctl'
    if ! python3 -c "$libc; sys.exit(control($get, 0, 0, 0, 0) < 0)"; then
        echo "   skipped: executable memory refused (needs python3 and Linux 6.3)"
        count 0 0 1
        return
    fi
    EDGEDL_ONLY=CodeMemoryTests,ConvS8Tests smoke_run refused python3 -c \
        "$libc; control($set, 1, 0, 0, 0); os.execv(sys.argv[1], sys.argv[1:])" \
        "$logs/linux-x64/EdgeDL.AotSmoke"
    smoke_count refused
}

# The inner loops of the kernels keep to registers, as objdump reads them.
smoke_spills() {
    local last
    say "Arm64 kernels' inner loops: no spill"
    if ! install_apt aarch64-linux-gnu-objdump binutils-aarch64-linux-gnu; then
        echo "   skipped: the loops' disassembly"
        count 0 0 1
        return
    fi
    smoke_run spills dotnet exec tools/edgedl-bench/bin/Release/net10.0/edgedl-bench.dll \
        spills "$logs/linux-arm64/EdgeDL.AotSmoke"
    cut -c 1-400 "$logs/smoke-spills" | head -n 40
    last=$(tail -n 1 "$logs/smoke-spills")
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        count "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" 0
    else
        echo "FAILED the check of the loops did not end"
        count 0 1 0
    fi
}

smoke_arm64() {
    if ! install_apt ld.lld-14 clang-14 lld-14 libc6-dev-arm64-cross libgcc-12-dev-arm64-cross \
        || ! install_apt qemu-aarch64 qemu-user libc6-arm64-cross; then
        echo "   skipped: AOT smoke on arm64"
        count 0 0 5
        return
    fi
    say "publish AOT smoke for linux-arm64"
    if ! smoke_publish linux-arm64 -p:KeepSymbols=true; then
        tail -n 40 "$logs/publish"
        count 0 1 0
        return
    fi
    smoke_spills
    # Two at a time: an emulated CPU keeps one core busy for two minutes.
    local cpu cpus=(cortex-a53 cortex-a72 cortex-a76 max) i
    for ((i = 0; i < ${#cpus[@]}; i += 2)); do
        for cpu in "${cpus[@]:i:2}"; do
            EDGEDL_SHORT=1 smoke_run "$cpu" \
                qemu-aarch64 -L /usr/aarch64-linux-gnu -cpu "$cpu" \
                "$logs/linux-arm64/EdgeDL.AotSmoke" &
        done
        wait
    done
    for cpu in "${cpus[@]}"; do
        smoke_count "$cpu"
        if cmp -s "$logs/digest-linux-x64" "$logs/digest-$cpu"; then
            count 1 0 0
        else
            echo "FAILED integer outputs of $cpu differ from those of x64:"
            diff "$logs/digest-linux-x64" "$logs/digest-$cpu"
            count 0 1 0
        fi
    done
}

smoke_all() {
    if ! install_apt ld.lld-14 clang-14 lld-14; then
        echo "   skipped: AOT smoke"
        count 0 0 6
        return
    fi
    say "publish AOT smoke for linux-x64"
    if ! smoke_publish linux-x64; then
        tail -n 40 "$logs/publish"
        count 0 1 0
        return
    fi
    smoke_run linux-x64 "$logs/linux-x64/EdgeDL.AotSmoke"
    smoke_count linux-x64
    . tools/lib/vnni-smoke.sh
    smoke_refused
    smoke_arm64
}

smoke_all
