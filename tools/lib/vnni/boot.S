// Boot sector: loads the program behind it, turns on long mode and AVX-512, and jumps there.
// The first GiB is mapped as it lies, but for the 2 MiB at HOLE: an access there ends everything.
    .set PROGRAM, 0x10000
    .set SECTORS, 120
    .set TABLES, 0x1000
    .set HOLE, 0x600000
    .code16
    .globl start
start:
    cli
    xor %ax, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %ss
    mov $0x7c00, %sp
    mov $packet, %si
    mov $0x42, %ah
    int $0x13
    in $0x92, %al
    or $2, %al
    out %al, $0x92
    // Four tables of 4 KiB: one entry each in the first two, then pages of 2 MiB.
    mov $TABLES, %edi
    mov $0x1000, %ecx
    xor %eax, %eax
    cld
    rep stosl
    movl $TABLES + 0x1003, TABLES
    movl $TABLES + 0x2003, TABLES + 0x1000
    mov $TABLES + 0x2000, %di
    mov $0x83, %eax
page:
    mov %eax, (%di)
    add $8, %di
    add $0x200000, %eax
    cmp $0x40000000, %eax
    jb page
    movl $0, TABLES + 0x2000 + HOLE / 0x200000 * 8
    // PAE, OSFXSR, OSXMMEXCPT, OSXSAVE; LME; PG, MP, PE.
    mov $0x40620, %eax
    mov %eax, %cr4
    mov $TABLES, %eax
    mov %eax, %cr3
    mov $0xc0000080, %ecx
    rdmsr
    or $0x100, %eax
    wrmsr
    lgdt table
    mov $0x80000003, %eax
    mov %eax, %cr0
    ljmp $8, $long
    .code64
long:
    mov $16, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    mov $0x200000, %rsp
    xor %ecx, %ecx
    xor %edx, %edx
    mov $0xe7, %eax
    xsetbv
    mov $PROGRAM, %eax
    call *%rax
    hlt
    .balign 8
descriptors:
    .quad 0, 0x00209a0000000000, 0x0000920000000000
table:
    .word 23
    .long descriptors
packet:
    .byte 16, 0
    .word SECTORS, 0, PROGRAM >> 4
    .quad 1
    .org 510
    .word 0xaa55
