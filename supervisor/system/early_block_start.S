// Where a static program begins (-e): blocks every signal, then goes on to libc's _start. Until the
// first constructor libc asks the processor for its features, which takes most of a millisecond
// where a hypervisor answers. In a dynamic program, .preinit_array has come before.
//
// All registers and the stack are for _start as the kernel left them (System V psABI, "Process
// Initialization"); those that it may not rely on are free.

#include <sys/syscall.h>

#define SET_MASK 2
#define SET_SIZE 8

  .section .rodata
  .balign 8
all_signals:
  .quad -1

  .text
  .globl pid1_start
  .type pid1_start, %function
pid1_start:
#if defined(__x86_64__)
  cmpb $0, pid1_is_blocked_early(%rip)
  jne 1f
  mov %rdx, %r12
  mov $SYS_rt_sigprocmask, %eax
  mov $SET_MASK, %edi
  lea all_signals(%rip), %rsi
  lea pid1_mask_before(%rip), %rdx
  mov $SET_SIZE, %r10d
  syscall
  movb $1, pid1_is_blocked_early(%rip)
  mov %r12, %rdx
1:
  jmp _start
#elif defined(__aarch64__)
  adrp x9, pid1_is_blocked_early
  add x9, x9, :lo12:pid1_is_blocked_early
  ldrb w10, [x9]
  cbnz w10, 1f
  mov x11, x0
  mov x8, #SYS_rt_sigprocmask
  mov x0, #SET_MASK
  adrp x1, all_signals
  add x1, x1, :lo12:all_signals
  adrp x2, pid1_mask_before
  add x2, x2, :lo12:pid1_mask_before
  mov x3, #SET_SIZE
  svc #0
  mov w10, #1
  strb w10, [x9]
  mov x0, x11
1:
  b _start
#else
#error "cannot begin on this processor: write its pid1_start, or leave out -e pid1_start"
#endif
  .size pid1_start, . - pid1_start

  .section .note.GNU-stack, "", %progbits
