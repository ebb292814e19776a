#define _GNU_SOURCE
#include "task_process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Missing in older headers.
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#define WEIR_CLONE_PIDFD 0x00001000ULL
#define WEIR_CLONE_INTO_CGROUP 0x200000000ULL

// The pids of processes started here. The kernel writes a pid before the process executes anything, so that a scan of this process's
// children always recognizes them.
enum { CAPACITY = 8192, FREE = 0, TAKEN = -1 };
static _Atomic pid_t ours[CAPACITY];
static atomic_size_t highest;

static _Atomic pid_t *take_place(void) {
    for (size_t place = 0; place < CAPACITY; place++) {
        pid_t free = FREE;
        if (!atomic_compare_exchange_strong(&ours[place], &free, TAKEN)) continue;
        size_t former = atomic_load(&highest);
        while (former < place + 1 && !atomic_compare_exchange_weak(&highest, &former, place + 1)) {}
        return &ours[place];
    }
    return NULL;
}

bool weir_process_is_ours(pid_t process) {
    size_t end = atomic_load(&highest);
    for (size_t place = 0; place < end; place++) {
        if (atomic_load(&ours[place]) == process) return true;
    }
    return false;
}

size_t weir_processes(pid_t *processes, size_t capacity) {
    size_t end = atomic_load(&highest), count = 0;
    for (size_t place = 0; place < end && count < capacity; place++) {
        pid_t process = atomic_load(&ours[place]);
        if (process > 0) processes[count++] = process;
    }
    return count;
}

void weir_process_forget(pid_t process) {
    size_t end = atomic_load(&highest);
    for (size_t place = 0; place < end; place++) {
        pid_t found = process;
        if (atomic_compare_exchange_strong(&ours[place], &found, FREE)) return;
    }
}

struct start {
    const struct weir_command *command;
    /// Whether the process has to put itself into its cgroup.
    bool joins;
    enum weir_step step;
    int reason;
};

static _Noreturn void fail(struct start *start, enum weir_step step) {
    start->reason = errno;
    start->step = step;
    _exit(127);
}

/// With system calls: the functions of the C library would change the user of all threads of the service.
static bool change_user(const struct weir_command *command) {
    if (syscall(SYS_setgroups, command->group_count, command->groups) != 0) return false;
    if (syscall(SYS_setresgid, command->group, command->group, command->group) != 0) return false;
    if (syscall(SYS_setresuid, command->user, command->user, command->user) != 0) return false;
    // Otherwise a service that is not root but may change user would pass its capabilities on to the program.
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct none[2] = {{0}, {0}};
    return syscall(SYS_capset, &header, none) == 0;
}

/// Runs in the new process. It shares the memory of this process, which waits, so that it must not allocate, lock or return.
static int become(void *argument) {
    struct start *start = argument;
    const struct weir_command *command = start->command;
    struct sigaction usual = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < _NSIG; signal++) {
        // The others cannot be changed.
        if (signal != SIGKILL && signal != SIGSTOP) sigaction(signal, &usual, NULL);
    }
    // Reserved by the C library, whose function refuses them. A parent may have left them ignored.
    const unsigned long kernel_default[4] = {0};
    for (int signal = 32; signal <= 33; signal++) syscall(SYS_rt_sigaction, signal, kernel_default, NULL, 8);
    if (start->joins) {
        int members = openat(command->cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);
        if (members < 0 || write(members, "0", 1) != 1) fail(start, WEIR_STEP_PROCESS);
    }
    setsid();
    if (command->is_subreaper) prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (command->program == NULL) _exit(0);

    // None of this needs an additional descriptor: the descriptor table is a copy of one that may be full.
    int output = command->output, errors = command->errors;
    if (output < 3 && (output = fcntl(output, F_DUPFD, 3)) < 0) fail(start, WEIR_STEP_STREAMS);
    if (errors < 3 && (errors = fcntl(errors, F_DUPFD, 3)) < 0) fail(start, WEIR_STEP_STREAMS);
    if (dup2(output, 1) < 0 || dup2(errors, 2) < 0) fail(start, WEIR_STEP_STREAMS);
    if (syscall(SYS_close_range, 3U, ~0U, 0U) != 0) {
        struct rlimit limit = {.rlim_cur = 65536};
        getrlimit(RLIMIT_NOFILE, &limit);
        for (rlim_t descriptor = 3; descriptor < limit.rlim_cur; descriptor++) close((int)descriptor);
    }
    close(0);
    if (open("/dev/null", O_RDONLY) != 0) fail(start, WEIR_STEP_STREAMS);
    if (command->descriptors != 0) {
        struct rlimit limit;
        if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
            limit.rlim_cur = command->descriptors < limit.rlim_max ? command->descriptors : limit.rlim_max;
            setrlimit(RLIMIT_NOFILE, &limit);
        }
    }
    if (command->mask >= 0) umask((mode_t)command->mask);
    if (command->changes_user && !change_user(command)) fail(start, WEIR_STEP_USER);
    if (chdir(command->directory) != 0) fail(start, WEIR_STEP_DIRECTORY);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(command->program, command->words, command->variables);
    fail(start, WEIR_STEP_PROGRAM);
}

struct clone_arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

/// clone3, whose child continues in `become` on its own stack. The C library has no function for it.
static long clone_into(struct clone_arguments *arguments, struct start *start) {
#if defined(__x86_64__)
    long result;
    register struct start *job __asm__("r12") = start;
    register int (*body)(void *) __asm__("r13") = become;
    __asm__ volatile(
        "syscall\n\t"
        "test %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xor %%ebp, %%ebp\n\t"
        "mov %%r12, %%rdi\n\t"
        "call *%%r13\n\t"
        "hlt\n"
        "1:"
        : "=a"(result)
        : "a"((long)SYS_clone3), "D"(arguments), "S"(sizeof *arguments), "r"(job), "r"(body)
        : "rcx", "r11", "memory", "cc");
    if (result >= 0) return result;
    errno = (int)-result;
    return -1;
#elif defined(__aarch64__)
    register long number __asm__("x8") = SYS_clone3;
    register long first __asm__("x0") = (long)arguments;
    register long second __asm__("x1") = sizeof *arguments;
    register struct start *job __asm__("x10") = start;
    register int (*body)(void *) __asm__("x11") = become;
    __asm__ volatile(
        "svc #0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x29, #0\n\t"
        "mov x0, x10\n\t"
        "blr x11\n\t"
        "brk #1\n"
        "1:"
        : "+r"(first)
        : "r"(number), "r"(second), "r"(job), "r"(body)
        : "memory", "cc");
    if (first >= 0) return first;
    errno = (int)-first;
    return -1;
#else
    (void)arguments;
    (void)start;
    errno = ENOSYS;
    return -1;
#endif
}

static pid_t make_process(struct start *start, pid_t *number, int *descriptor) {
    // The stack of the new process, which has left it when this function returns.
    char stack[32 * 1024] __attribute__((aligned(16)));
    int cgroup = start->command->cgroup;
    uint64_t flags = CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID;
    struct clone_arguments arguments = {
        .flags = flags | WEIR_CLONE_PIDFD | (cgroup >= 0 ? WEIR_CLONE_INTO_CGROUP : 0),
        .pidfd = (uint64_t)(uintptr_t)descriptor,
        .parent_tid = (uint64_t)(uintptr_t)number,
        .exit_signal = SIGCHLD,
        .stack = (uint64_t)(uintptr_t)stack,
        .stack_size = sizeof stack,
        .cgroup = (uint64_t)(cgroup >= 0 ? cgroup : 0),
    };
    pid_t process = (pid_t)clone_into(&arguments, start);
    if (process >= 0) return process;
    // A kernel before 5.7, or one with filtered system calls. Any other error is final.
    if (errno != ENOSYS && errno != EINVAL && errno != E2BIG && errno != EPERM) return -1;
    start->joins = cgroup >= 0;
    process = clone(become, stack + sizeof stack, (int)flags | SIGCHLD, start, number);
    if (process < 0) return -1;
    *descriptor = (int)syscall(SYS_pidfd_open, process, 0);
    return process;
}

void weir_process_start(const struct weir_command *command, struct weir_started *started) {
    *started = (struct weir_started){.process = -1, .descriptor = -1};
    _Atomic pid_t *place = take_place();
    if (place == NULL) {
        started->step = WEIR_STEP_PROCESS;
        started->reason = EAGAIN;
        return;
    }
    struct start start = {.command = command};
    // A signal handler must not run in the new process, because it shares the memory.
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &former);
    pid_t process = make_process(&start, (pid_t *)place, &started->descriptor);
    int reason = errno;
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    if (process < 0) {
        atomic_store(place, FREE);
        started->step = WEIR_STEP_PROCESS;
        started->reason = reason;
        started->descriptor = -1;
        return;
    }
    // In case the kernel has not written it.
    atomic_store(place, process);
    started->process = process;
    started->step = start.step;
    started->reason = start.reason;
    if (start.step == WEIR_STEP_NONE && command->program != NULL) return;
    siginfo_t end;
    while (waitid(P_PID, (id_t)process, &end, WEXITED) != 0 && errno == EINTR) {}
    if (started->descriptor >= 0) close(started->descriptor);
    started->descriptor = -1;
    started->process = -1;
    weir_process_forget(process);
}
