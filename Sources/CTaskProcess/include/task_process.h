#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A program to start.
struct weir_command {
    const char *program;
    /// argv, ended by NULL.
    char *const *words;
    /// envp, ended by NULL.
    char *const *variables;
    const char *directory;
    /// Receive standard output and standard error; may be the same. Standard input is /dev/null.
    int output;
    int errors;
    /// A descriptor of the cgroup's directory; -1 for the cgroup of this process.
    int cgroup;
    /// Whether it adopts its orphaned descendants, instead of init.
    bool is_subreaper;
    /// Its soft limit of descriptors; 0 for the limit of this process.
    uint64_t descriptors;
    /// Its file mode creation mask (umask); -1 for the mask of this process.
    int mask;
    /// Whether it runs as another user, without capabilities.
    bool changes_user;
    uid_t user;
    gid_t group;
    const gid_t *groups;
    size_t group_count;
};

/// The step at which a start failed.
enum weir_step {
    WEIR_STEP_NONE = 0,
    /// Creating the process, or moving it into its cgroup.
    WEIR_STEP_PROCESS,
    WEIR_STEP_STREAMS,
    WEIR_STEP_USER,
    WEIR_STEP_DIRECTORY,
    WEIR_STEP_PROGRAM,
};

struct weir_started {
    pid_t process;
    /// A pidfd, readable when the process ends; -1 when the kernel has none. The caller closes it.
    int descriptor;
    /// WEIR_STEP_NONE on success. After a failure no process is left.
    enum weir_step step;
    /// The errno of the failure.
    int reason;
};

/// Starts a program in a new session, with the three standard streams only, and with default signal handling. Returns when the
/// program is executed or the start has failed.
///
/// weir_process_is_ours recognizes the process before it executes anything, until weir_process_forget.
/// A command without a program starts a process that ends immediately, as a test of the other settings.
void weir_process_start(const struct weir_command *command, struct weir_started *started);

/// Whether the process was started here and has not been forgotten.
bool weir_process_is_ours(pid_t process);

/// Writes the pids of processes that were started here and have not been forgotten.
/// Returns their number.
size_t weir_processes(pid_t *processes, size_t capacity);

/// Call this after reaping the process.
void weir_process_forget(pid_t process);

/// Resets settings inherited from the parent: blocked and ignored signals, and closed standard streams. SIGHUP stays ignored, because
/// nohup ignores it on purpose. Call this before creating threads.
void weir_reset_inherited_state(void);

/// Makes this process adopt its orphaned descendants, instead of init. Returns whether the kernel supports that.
bool weir_become_subreaper(void);

/// Protects the memory and the environment of this process from other processes of its user.
bool weir_hide(void);

/// Removes a variable from the environment, and overwrites its value in /proc.
void weir_overwrite_variable(const char *name);

/// Overwrites passwords in the URLs of the command line, as ps and /proc show it.
void weir_overwrite_passwords_in_words(void);

/// Whether SIGHUP was ignored when this process started.
bool weir_hangup_is_ignored(void);

/// Makes a crash print one line and the addresses of its thread to standard error before the signal ends the process.
void weir_report_crashes(void);
