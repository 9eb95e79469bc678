// u64 call_checked(function, terms): calls function(terms) and returns what differs in the
// registers that belong to the caller, and in the stack.
    .globl call_checked
call_checked:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rdi, %rax
    mov %rsi, %rdi
    mov $0x1111, %rbx
    mov $0x2222, %r12
    mov $0x3333, %r13
    mov $0x4444, %r14
    mov $0x5555, %r15
    mov %rsp, %rbp
    push %rbp
    call *%rax
    pop %rax
    sub %rsp, %rax
    mov %rbp, %rcx
    sub %rsp, %rcx
    or %rcx, %rax
    xor $0x1111, %rbx
    or %rbx, %rax
    xor $0x2222, %r12
    or %r12, %rax
    xor $0x3333, %r13
    or %r13, %rax
    xor $0x4444, %r14
    or %r14, %rax
    xor $0x5555, %r15
    or %r15, %rax
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
    .balign 64
    .globl emitted
emitted:
    .incbin "emitted.bin"
