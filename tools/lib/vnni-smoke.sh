# Sourced by tools/lib/aot-smoke.sh: runs the emitted vpdpbusd kernels on Bochs, an emulated
# processor that has the instruction, over every shape of tile. Takes seconds.
# Uses $logs and the functions say, count and install_apt of its caller, and the smoke program.

vnni_build() {
    local from=$PWD/tools/lib/vnni
    mkdir -p "$logs/vnni" && cd "$logs/vnni" \
        && "$logs/linux-x64/EdgeDL.AotSmoke" emit emitted.bin \
        && clang-14 -c "$from/boot.S" -o boot.o \
        && ld.lld-14 -Ttext=0x7c00 --entry=start --oformat binary -o boot boot.o \
        && clang-14 -O1 -ffreestanding -fno-stack-protector -fno-pic -mno-red-zone \
            -mgeneral-regs-only -Wall -Werror -c "$from/main.c" -o main.o \
        && clang-14 -Wa,-I. -c "$from/call.S" -o call.o \
        && ld.lld-14 --entry=main --oformat binary -T "$from/program.ld" -o main main.o call.o \
        && truncate -s 10M disk \
        && cat boot main | dd of=disk conv=notrunc status=none \
        && cp "$from/bochsrc" . && echo c >continue
}

vnni_run() {
    # Bochs wants a terminal; its debugger, where it is built in, wants to be told to go on.
    cd "$logs/vnni" && TERM=xterm timeout 300 script -qfc "bochs -q -f bochsrc -rc continue" \
        /dev/null </dev/null | tr -cd '[:print:]\n' >output
}

vnni_smoke() {
    local last
    if ! install_apt bochs bochs bochs-term bochsbios vgabios; then
        echo "   skipped: emitted vpdpbusd on an emulated processor"
        count 0 0 1
        return
    fi
    say "emitted vpdpbusd on Bochs, Ice Lake"
    if ! (vnni_build) >"$logs/vnni-build" 2>&1; then
        tail -n 20 "$logs/vnni-build"
        count 0 1 0
        return
    fi
    (vnni_run)
    last=$(grep -o '[0-9]* passed, [0-9]* failed' "$logs/vnni/output" | tail -n 1)
    grep '^FAILED' "$logs/vnni/output" | sort | uniq -c
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        echo "   $last"
        count "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" 0
    else
        echo "FAILED the processor stopped before it could report:"
        grep -a -E 'exception|PANIC|RIP' "$logs/vnni/bochs.log" | tail -n 5
        count 0 1 0
    fi
}

vnni_smoke
